import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sql } from '../../src/expressions/sql-expression.js'
import { DeltaTable, long, struct } from '../../src/index.js'
import { deleteRows } from '../../src/operations/delete/delete-rows.js'
import type { MergeClause } from '../../src/operations/operation/merge/merge-clause.js'
import { mergeRows } from '../../src/operations/operation/merge/merge-rows.js'
import { updateRows } from '../../src/operations/update/update-rows.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'

const Row = struct({ id: long().notNull(), n: long().notNull() })
type RowOfTable = typeof Row.Row

/** A change of the rows with some ids, worked out on a version that others have left behind. */
interface Change {
  readonly verb: 'delete' | 'update'
  readonly ids: readonly number[]
}

const FILES = 3
const ROWS_OF_A_FILE = 8

let tables = 0

async function newTable(): Promise<{ readonly table: DeltaTable<RowOfTable>; readonly stale: Snapshot }> {
  const url = `memory://row-level/${tables++}`
  const table = await DeltaTable.create(url, { schema: Row, properties: { 'delta.enableDeletionVectors': 'true' } })
  for (let file = 0; file < FILES; file++) {
    await table.append(
      Array.from({ length: ROWS_OF_A_FILE }, (_, i) => ({ id: BigInt(file * ROWS_OF_A_FILE + i), n: 0n })),
    )
  }
  return { table, stale: await openSnapshot(await openTableLocation(url)) }
}

function apply(stale: Snapshot, { verb, ids }: Change) {
  const where = `id IN (${ids.join(', ')})`
  // Rewriting never pays here: all goes by deletion vectors.
  if (verb === 'delete') return deleteRows(stale, where, { rewriteShare: 1 })
  return updateRows(stale, { set: { n: sql('n + 1') }, where, rewriteShare: 1 })
}

async function rowsOf(table: DeltaTable<RowOfTable>): Promise<Map<number, number>> {
  const rows = (await (await table.refresh()).rows()).map(({ id, n }) => [Number(id), Number(n)] as const)
  const map = new Map(rows)
  expect(map.size).toBe(rows.length)
  return map
}

describe('changes of rows that were worked out on the same version', () => {
  it('unite where they concern other rows of the same file: nobody reads the table again', async () => {
    const { table, stale } = await newTable()
    await apply(stale, { verb: 'delete', ids: [0, 1, 9] })
    const { result } = await apply(stale, { verb: 'update', ids: [2, 10] })
    const last = await apply(stale, { verb: 'delete', ids: [11] })
    expect(result.metrics.numUpdatedRows).toBe(2)
    expect(last.result.version).toBe(FILES + 3)
    const history = await (await table.refresh()).history({ limit: 3 })
    expect(history.map(({ readVersion }) => readVersion)).toEqual([FILES, FILES, FILES])
    const rows = await rowsOf(table)
    expect([0, 1, 9, 11].some((id) => rows.has(id))).toBe(false)
    expect(
      [...rows]
        .filter(([, n]) => n === 1)
        .map(([id]) => id)
        .sort((a, b) => a - b),
    ).toEqual([2, 10])
    expect(rows.size).toBe(FILES * ROWS_OF_A_FILE - 4)
  })

  it.each([
    ['is united with deletes of other rows where all that match are changed', true, FILES],
    ['starts over where a row that is left as it is may keep one of the source out', false, FILES + 1],
  ])('a merge %s', async (_, changesAllMatches, readVersion) => {
    const { table, stale } = await newTable()
    await apply(stale, { verb: 'delete', ids: [0, 1] })
    const always: MergeClause = { rows: 'matched', action: 'update', set: { n: sql('source.n') } }
    const clauses: MergeClause[] = [
      { rows: 'matched', action: 'update', set: { n: 7n }, condition: 'source.id = 2' },
      ...(changesAllMatches ? [always] : []),
      { rows: 'notMatched', action: 'insert', values: { all: true } },
    ]
    const ids = changesAllMatches ? [2n, 3n, 99n] : [1n, 2n, 3n, 99n]
    const request = { source: ids.map((id) => ({ id, n: 5n })), on: ['id'], clauses }
    await mergeRows(stale, request, { rewriteShare: 1 })
    const [entry] = await (await table.refresh()).history({ limit: 1 })
    expect(entry?.readVersion).toBe(readVersion)
    const rows = await rowsOf(table)
    // The row 1 was gone: it is inserted by the merge that came to see it.
    expect([0, 1, 2, 3, 99].map((id) => rows.get(id))).toEqual(
      changesAllMatches ? [undefined, undefined, 7, 5, 5] : [undefined, 5, 7, 0, 5],
    )
  })

  it('are worked out again where they concern the same row', async () => {
    const { table, stale } = await newTable()
    await apply(stale, { verb: 'update', ids: [4] })
    const { result } = await apply(stale, { verb: 'update', ids: [4, 5] })
    expect(result.metrics.numUpdatedRows).toBe(2)
    expect((await table.refresh()).version).toBe(FILES + 2)
    const [entry] = await table.history({ limit: 1 })
    expect(entry?.readVersion).toBe(FILES + 1)
    expect((await rowsOf(table)).get(4)).toBe(2)
    expect(await apply(stale, { verb: 'delete', ids: [4, 5] })).toMatchObject({
      result: { metrics: { numDeletedRows: 2 } },
    })
    expect(await apply(stale, { verb: 'delete', ids: [5] })).toMatchObject({ result: { skipped: true } })
  })

  it('come to what they would come to one after another', async () => {
    const ids = fc.uniqueArray(fc.nat({ max: FILES * ROWS_OF_A_FILE - 1 }), { minLength: 1, maxLength: 4 })
    const change = fc.record({ verb: fc.constantFrom('delete', 'update'), ids }) as fc.Arbitrary<Change>
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 5 }), async (changes) => {
        const { table, stale } = await newTable()
        const expected = new Map(Array.from({ length: FILES * ROWS_OF_A_FILE }, (_, id) => [id, 0]))
        for (const { verb, ids } of changes) {
          for (const id of ids) {
            const n = expected.get(id)
            if (verb === 'delete') expected.delete(id)
            else if (n !== undefined) expected.set(id, n + 1)
          }
        }
        for (const each of changes) await apply(stale, each)
        expect(await rowsOf(table)).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })
})
