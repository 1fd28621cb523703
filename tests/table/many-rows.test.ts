import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, Lake, long, sql, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Numbered = struct({ id: long(), v: long(), w: long() })

/** The rows of a merge are matched anew and written clause by clause from half a million and a million on. */
describe('a merge of very many rows', () => {
  let place: Place
  let lake: Lake
  beforeAll(async () => {
    place = await openLocal()
    lake = new Lake({ memory: '256MB' })
  })
  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  it.each(['true', 'false'])('does what SQL says to each row and tells of it; change feed: %s', async (changeFeed) => {
    const one = await DeltaTable.create(place.url(), { schema: struct({ x: long() }) })
    await one.append([{ x: 1n }])
    const properties = { 'delta.enableDeletionVectors': 'true', 'delta.enableChangeDataFeed': changeFeed }
    const table = await DeltaTable.create(place.url(), { schema: Numbered, properties })
    const options = { tables: { one }, memory: '512MB' }
    const rows = sql('SELECT range AS id, range % 1000 AS v, 7::BIGINT AS w FROM range(1300000), one')
    await table.merge(rows, 'FALSE', options).whenNotMatchedInsertAll().execute()
    const source = sql('SELECT range * 2 AS id, range AS v FROM range(800000), one')
    const { metrics } = await table
      .merge(source, ['id'], options)
      .whenMatchedDelete({ condition: 'source.id % 20 = 0' })
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .whenNotMatchedBySourceUpdate({ set: { v: -1n }, condition: 'target.id % 10 = 1' })
      .whenNotMatchedBySourceDelete({ condition: 'target.id % 10 = 3' })
      .execute()
    expect(metrics).toMatchObject({
      numTargetRowsMatchedUpdated: 585_000,
      numTargetRowsMatchedDeleted: 65_000,
      numTargetRowsNotMatchedBySourceUpdated: 130_000,
      numTargetRowsNotMatchedBySourceDeleted: 130_000,
      numTargetRowsInserted: 150_000,
    })
    const expected = `
      SELECT id, CASE WHEN id % 2 = 0 THEN id // 2 WHEN id % 10 = 1 THEN -1 ELSE id % 1000 END AS v, 7 AS w
      FROM (SELECT range AS id FROM range(1300000)) WHERE id % 20 <> 0 AND id % 10 <> 3
      UNION ALL SELECT range * 2, range, NULL FROM range(650000, 800000)`
    const differences = await lake.query(
      `SELECT (SELECT count(*) FROM (FROM t EXCEPT ALL (${expected}))) AS more,
        (SELECT count(*) FROM ((${expected}) EXCEPT ALL FROM t)) AS less, (SELECT count(*) FROM t) AS n`,
      { tables: { t: table } },
    )
    expect(await differences.rows()).toEqual([{ more: 0n, less: 0n, n: 1_255_000n }])
    if (changeFeed === 'false') return
    const told: Record<string, number> = {}
    for await (const batch of table.changes({ from: 2, to: 2, columns: ['id'] })) {
      const types = batch.getChild('_change_type')
      for (let i = 0; i < batch.numRows; i++) {
        const type = String(types?.get(i))
        told[type] = (told[type] ?? 0) + 1
      }
    }
    expect(told).toEqual({
      insert: 150_000,
      delete: 195_000,
      update_preimage: 715_000,
      update_postimage: 715_000,
    })
  })

  it('purges what is deleted anywhere in a large file, and keeps the order of the others', async () => {
    const one = await DeltaTable.create(place.url(), { schema: struct({ x: long() }) })
    await one.append([{ x: 1n }])
    const properties = { 'delta.enableDeletionVectors': 'true' }
    const table = await DeltaTable.create(place.url(), { schema: Numbered, properties })
    const rows = sql('SELECT range AS id, range AS v, 0::BIGINT AS w FROM range(1200000), one')
    await table.merge(rows, 'FALSE', { tables: { one } }).whenNotMatchedInsertAll().execute()
    await table.optimize()
    const ids = async (): Promise<bigint[]> => {
      const seen: bigint[] = []
      for await (const batch of table.scan({ columns: ['id'] })) {
        for (const id of batch.getChild('id')?.toArray() ?? []) seen.push(id)
      }
      return seen
    }
    const before = await ids()
    // Also the first and the last row of stretches of 2^18 rows; none of the second stretch and the fourth.
    const gone = [0, 262_143, 524_288, 600_000, 786_431, 1_048_576, 1_199_999].map((position) => before[position])
    await table.delete(`id IN (${gone.join(', ')})`)
    const { metrics } = await table.purge()
    expect(metrics).toMatchObject({ numDeletionVectorsRemoved: 1, numAddedFiles: 1 })
    const [after, expected] = [await ids(), before.filter((id) => !gone.includes(id))]
    expect(after).toHaveLength(1_200_000 - gone.length)
    expect(after.every((id, i) => id === expected[i])).toBe(true)
  })
})
