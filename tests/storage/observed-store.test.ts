import { expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/runtime/observer.js'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { LocalStore } from '../../src/storage/local/local-store.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import { ObservedStore } from '../../src/storage/observed-store.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import { objectStoreContract } from '../contracts/object-store.contract.js'

objectStoreContract('that is observed', async () => observed(new MemoryStore(), []), { instantReads: true })

function observed(store: MemoryStore | LocalStore, events: ObservedEvent[]): ObservedStore {
  return new ObservedStore(store, { clock: systemRuntime.clock, observer: { on: (event) => void events.push(event) } })
}

it('an observer is told every request: method, key, bytes and outcome', async () => {
  const events: ObservedEvent[] = []
  const store = observed(new MemoryStore(), events)
  await store.put('a', new Uint8Array(3), { mode: 'create' })
  await store.put('a', new Uint8Array(3), { mode: 'create' }).catch(() => undefined)
  await store.get('a', { range: { suffix: 2 } })
  await store.getMany(['a', 'a'])
  await store.getMany(['a', 'missing']).catch(() => undefined)
  await store.head('a')
  for await (const _ of store.list('')) break
  await store.delete(['a', 'b'])
  const told = events.map(
    (event) => event.type === 'request' && `${event.method} ${event.key} ${event.bytes} ${event.outcome}`,
  )
  expect(told).toEqual([
    'put a 3 ok',
    'put a 0 error',
    'get a 2 ok',
    'get a 3 ok',
    'get a 3 ok',
    'get a 0 error',
    'get missing 0 error',
    'head a 0 ok',
    'list  0 ok',
    'delete a 0 ok',
  ])
})

it('an observer that throws changes nothing', async () => {
  const observer = {
    on: () => {
      throw new Error('broken observer')
    },
  }
  const { store } = await openTableLocation('memory://observed', { runtime: { ...systemRuntime, observer } })
  await store.put('a', new Uint8Array(3), { mode: 'create' })
  expect(await store.get('a')).toHaveLength(3)
})

it('the files of an observed local store are still open to others in place', () => {
  expect(observed(new LocalStore('/data'), []).localPath?.('a/b')).toBe('/data/a/b')
  expect(observed(new MemoryStore(), []).localPath).toBeUndefined()
})
