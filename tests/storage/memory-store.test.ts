import { MemoryStore } from '../../src/storage/memory-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'

objectStoreContract('memory', async () => new MemoryStore(), { instantReads: true })

objectStoreContract(
  'a folder of a shared memory',
  async () => {
    const objects = new Map()
    await new MemoryStore({ objects, prefix: 'table-two' }).put('x', new Uint8Array(1), { mode: 'create' })
    return new MemoryStore({ objects, prefix: 'table' })
  },
  { instantReads: true },
)
