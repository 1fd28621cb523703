import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compactCommits } from '../../src/log/compaction/compact-commits.js'
import type { Action } from '../../src/protocol/actions/action.js'
import { commitKey, compactionKey } from '../../src/protocol/log-path.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import { writeCheckpoint } from '../../src/snapshot/write-checkpoint.js'
import { addFile, metadata, protocol, removeFile, TestLog } from '../log/test-log.js'
import { filesOf } from './files-of.js'

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd').map((path) => addFile(path)),
  fc.constantFrom('a', 'b', 'c', 'd').map((path) => removeFile(path)),
  fc.nat(9).map((version): Action => ({ type: 'txn', appId: 'app', version })),
  fc.boolean().map((removed): Action => ({ type: 'domainMetadata', domain: 'd', configuration: 'x', removed })),
)
/** What one commit does: of each file one thing. */
const commit = fc.uniqueArray(action, { maxLength: 4, selector: (each) => ('path' in each ? each.path : each.type) })
const range = fc.tuple(fc.nat(11), fc.integer({ min: 1, max: 8 }))

it('every version is the same with log compactions of any commits as without', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(commit, { minLength: 11, maxLength: 11 }),
      fc.array(range, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(8), { nil: undefined }),
      async (commits, ranges, checkpoint) => {
        const [plain, compacted] = [new TestLog(), new TestLog()]
        for (const log of [plain, compacted]) {
          await log.commit(0, protocol(), metadata())
          for (const [i, actions] of commits.entries()) await log.commit(i + 1, ...actions)
          if (checkpoint !== undefined) await writeCheckpoint(await openSnapshot(log.location, { version: checkpoint }))
        }
        for (const [first, length] of ranges) {
          const last = Math.min(11, first + length)
          if (last > first) await compactCommits(compacted.location, { first, last })
        }
        for (const version of [3, 7, 10, 11]) {
          const [one, other] = [plain, compacted].map(({ location }) => openSnapshot(location, { version }))
          const [expected, found] = [await one, await other]
          const paths = async (snapshot: typeof found) =>
            (await filesOf(snapshot as never)).map(({ path }) => path).sort()
          expect(await paths(found)).toEqual(await paths(expected))
          expect(await found?.transactionVersion('app')).toBe(await expected?.transactionVersion('app'))
          expect(await found?.domainMetadata()).toEqual(await expected?.domainMetadata())
          expect(found?.timestamp).toBe(expected?.timestamp)
        }
      },
    ),
    { numRuns: 40 },
  )
})

it('a compaction is read in place of its commits, but for the newest', async () => {
  const log = new TestLog()
  await log.commits(12)
  await compactCommits(log.location, { first: 1, last: 9 })
  await compactCommits(log.location, { first: 1, last: 4 })
  log.requests.length = 0
  expect(await filesOf(await openSnapshot(log.location))).toHaveLength(13)
  expect(log.requests.filter((request) => request.startsWith('get')).slice(1)).toEqual(
    [commitKey(0), compactionKey(1, 9), commitKey(10), commitKey(11), commitKey(12)].map((key) => `get ${key}`),
  )
})

/** The commits one after the other, the newest first: what another writer once called a compaction. */
async function concatenate(log: TestLog): Promise<void> {
  await log.commit(10, removeFile('f3'), addFile('f10'), addFile('f13'))
  const texts = await Promise.all([10, 9, 8, 7, 6, 5, 4, 3].map((version) => log.text(commitKey(version))))
  await log.put(compactionKey(3, 10), texts.join(''))
  await log.delete(compactionKey(1, 9))
}

it.each([
  ['not reconciled', concatenate],
  ['damaged', (log: TestLog) => log.put(compactionKey(1, 9), '{"add":{"path":"x"')],
  ['beyond the version asked for', () => Promise.resolve()],
])('a compaction that is %s is passed over', async (_, spoil) => {
  const log = new TestLog()
  await log.commits(12)
  await compactCommits(log.location, { first: 1, last: 9 })
  await spoil(log)
  expect(await filesOf(await openSnapshot(log.location, { version: 5 }))).toHaveLength(6)
  expect(await filesOf(await openSnapshot(log.location))).toHaveLength(13)
})
