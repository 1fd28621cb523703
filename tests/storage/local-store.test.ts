import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { LocalStore } from '../../src/storage/local/local-store.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'

let folder: string
let opened = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-'))
})
afterAll(() => rm(folder, { recursive: true }))

objectStoreContract('local disk', async () => new LocalStore(join(folder, `table ${opened++}`)))
