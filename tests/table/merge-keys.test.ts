import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, Lake, long, sql, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Keyed = struct({ a: long(), b: long(), v: long() })

/** Sources from ten thousand rows on are joined by one of several keys first where it all but tells their rows apart. */
describe('a merge by several keys', () => {
  let place: Place
  let lake: Lake
  beforeAll(async () => {
    place = await openLocal()
    lake = new Lake()
  })
  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  const old = `SELECT CASE WHEN range % 1001 > 0 THEN range // 4 END AS a, CASE WHEN range % 997 > 0 THEN range % 4 END AS b, range AS v FROM range(60000)`
  /** Rows with the same `a`, at most: of 60,000 rows of the table 15,000 have another. */
  const source = (alike: number): string => `
    SELECT CASE WHEN range % 1003 > 0 THEN range // ${alike} * 2 END AS a, CASE WHEN range % 999 > 0 THEN (range * 7) % ${Math.max(4, alike)} END AS b, range AS v
    FROM range(15000)`
  const on = 'target.a = source.a AND target.b = source.b AND source.v % 7 <> 3 -- not these'

  it.each([
    { alike: 1, vectors: 'true' },
    { alike: 3, vectors: 'false' },
    { alike: 8, vectors: 'true' },
    { alike: 9, vectors: 'true' },
    { alike: 5000, vectors: 'true' },
  ])('does what SQL says, $alike rows of the source alike, deletion vectors: $vectors', async ({ alike, vectors }) => {
    const one = await DeltaTable.create(place.url(), { schema: struct({ x: long() }) })
    await one.append([{ x: 1n }])
    const properties = { 'delta.enableDeletionVectors': vectors }
    const table = await DeltaTable.create(place.url(), { schema: Keyed, properties })
    const options = { tables: { one } }
    await table
      .merge(sql(`FROM (${old}), one`), 'FALSE', options)
      .whenNotMatchedInsertAll()
      .execute()
    const { metrics } = await table
      .merge(sql(`SELECT a, b, v FROM (${source(alike)}), one`), on, options)
      .whenMatchedUpdateAll({ condition: 'source.v % 5 <> 0' })
      .whenNotMatchedInsertAll({ condition: 'source.v % 2 = 0' })
      .execute()
    const matches = `FROM (${old}) AS target JOIN (${source(alike)}) AS source ON ${on}\n`
    const updated = `${matches} WHERE source.v % 5 <> 0`
    const expected = `
      SELECT a, b, v FROM (${old}) WHERE v NOT IN (SELECT target.v ${updated})
      UNION ALL SELECT source.a, source.b, source.v ${updated}
      UNION ALL SELECT a, b, v FROM (${source(alike)}) WHERE v % 2 = 0 AND v NOT IN (SELECT source.v ${matches})`
    const answer = await lake.query(
      `SELECT (SELECT count(*) FROM (FROM t EXCEPT ALL (${expected}))) AS more,
        (SELECT count(*) FROM ((${expected}) EXCEPT ALL FROM t)) AS less, (SELECT count(*) ${updated}) AS updated, (SELECT count(*) FROM t) AS n`,
      { tables: { t: table } },
    )
    const [row] = await answer.rows()
    expect(row).toMatchObject({ more: 0n, less: 0n, updated: BigInt(metrics.numTargetRowsMatchedUpdated ?? -1) })
    expect(row?.n).toBe(60_000n + BigInt(metrics.numTargetRowsInserted ?? -1))
    expect(metrics.numTargetRowsMatchedUpdated).toBeGreaterThan(0)
  })
})
