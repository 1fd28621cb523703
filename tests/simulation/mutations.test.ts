import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import type { SimulationOptions } from './simulate.js'

/**
 * The simulation is worth something only if it notices a broken commit protocol: each check here breaks one part of it and
 * must find a run in which rows are lost or doubled.
 */
const SEEDS = 300

describe('the simulation notices', () => {
  afterEach(() => {
    vi.doUnmock('../../src/transaction/read-back.js')
    vi.doUnmock('../../src/transaction/commit-in-doubt.js')
    vi.doUnmock('../../src/transaction/conflict/conflict-checker.js')
    vi.doUnmock('../../src/transaction/conflict/concurrent-delete-delete.js')
    vi.doUnmock('../../src/data-files/unite-deletion-vectors.js')
    vi.resetModules()
  })

  it('a store whose create is not exclusive', async () => {
    const breakStore = (store: ObjectStore): ObjectStore => ({
      url: store.url,
      get: (key, options) => store.get(key, options),
      getMany: (keys, options) => store.getMany(keys, options),
      head: (key, options) => store.head(key, options),
      list: (prefix, options) => store.list(prefix, options),
      delete: (keys, options) => store.delete(keys, options),
      put: (key, body, options) => store.put(key, body, { ...options, mode: 'overwrite' }),
    })
    expect(await firstViolation({ breakStore })).toBeDefined()
  })

  it('a commit that takes its own file, after a lost reply, for somebody else’s', async () => {
    vi.doMock('../../src/transaction/read-back.js', async (original) => {
      const real = await original<typeof import('../../src/transaction/read-back.js')>()
      const readBack: typeof real.readBack = async (...args) => {
        const found = await real.readBack(...args)
        return found?.info === undefined ? found : { ...found, info: { ...found.info, txnId: 'forgotten' } }
      }
      return { ...real, readBack }
    })
    expect(await firstViolation({})).toBeDefined()
  })

  it.each([
    ['a conflict check that looks at nothing', 'conflict-checker.js', { checkConflicts: () => undefined }],
    [
      'a conflict check that lets two writers remove the same file',
      'concurrent-delete-delete.js',
      { concurrentDeleteDelete: { find: () => undefined } },
    ],
  ])('%s', async (_, file, broken) => {
    vi.doMock(`../../src/transaction/conflict/${file}`, () => broken)
    expect(await firstViolation({})).toBeDefined()
  })

  it('a promise that nothing was written while a request may still arrive', async () => {
    vi.doMock('../../src/transaction/commit-in-doubt.js', async (original) => {
      const real = await original<typeof import('../../src/transaction/commit-in-doubt.js')>()
      class CommitInDoubt extends real.CommitInDoubt {
        override errorOf(error: unknown): unknown {
          return error
        }
      }
      return { ...real, CommitInDoubt }
    })
    expect(await firstViolation({ toxics: { delayed: 0.2, throttled: 0.3 } })).toBeDefined()
  })

  it('a union of deletion vectors that overlooks rows that both hide', async () => {
    vi.doMock('../../src/data-files/unite-deletion-vectors.js', async () => {
      const { readDeletionVector } = await import('../../src/data-files/read-deletion-vector.js')
      const { inlineDeletionVector } = await import('../../src/protocol/deletion-vector/deletion-vector-file.js')
      const uniteDeletionVectors: typeof import('../../src/data-files/unite-deletion-vectors.js').uniteDeletionVectors =
        async (location, files) =>
          Promise.all(
            files.map(async ({ mine, theirs }) => {
              const [ours, others] = await Promise.all([mine, theirs].map((each) => readDeletionVector(location, each)))
              return inlineDeletionVector((ours as RowSet).union(others as RowSet))
            }),
          )
      return { uniteDeletionVectors }
    })
    expect(await firstViolation({})).toBeDefined()
  })
})

async function firstViolation(options: Omit<SimulationOptions, 'seed'>): Promise<string | undefined> {
  const { simulate } = await import('./simulate.js')
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations } = await simulate({ ...options, seed })
    if (violations[0] !== undefined) return violations[0]
  }
  return undefined
}
