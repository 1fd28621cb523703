import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RecordBatch, tableFromArrays } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DeltaTable, double, files, Lake, long, struct } from '../../src/index.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import { openLocal } from '../table/places.js'

const Reading = struct({ id: long(), value: double(), nested: struct({ value: double() }) })

let place: Awaited<ReturnType<typeof openLocal>>
let table: DeltaTable<typeof Reading.Row>
beforeAll(async () => {
  place = await openLocal()
  table = await DeltaTable.create(place.url(), {
    schema: Reading,
    properties: { 'delta.enableDeletionVectors': 'true' },
  })
  // Of fields of structs the file has statistics, those of 0 and 1.
  await table.append([0, Number.NaN, 1].map((value, id) => ({ id: BigInt(id), value, nested: { value } })))
})
afterAll(() => place.close())

test.each(['value > 1', "value = 'NaN'::DOUBLE", 'nested.value > 1', 'value > 1 AND id > 0'])(
  'SQL finds NaN, which is greater than every number and in no statistics (%s)',
  async (where) => {
    await using lake = new Lake()
    const result = await lake.query(`SELECT id FROM t WHERE ${where}`, { tables: { t: table as never } })
    expect(await result.rows()).toEqual([{ id: 1n }])
  },
)

test('the greatest value is NaN', async () => {
  await using lake = new Lake()
  const result = await lake.query('SELECT max(value) AS most FROM t', { tables: { t: table as never } })
  expect(await result.rows()).toEqual([{ most: Number.NaN }])
})

test('a delete finds NaN, and so does a condition on the source of a merge', async () => {
  const source = join(place.folder, 'source.parquet')
  const rows = tableFromArrays({ id: new BigInt64Array([7n, 8n]), value: new Float64Array([0, Number.NaN]) })
  await writeFile(source, await encodeParquet(rows.batches as RecordBatch[], { schema: rows.schema }))
  const merged = await table
    .merge(files(source), ['id'])
    .whenNotMatchedInsertAll({ condition: 'source.value > 1' })
    .execute()
  expect(merged.metrics.numTargetRowsInserted).toBe(1)
  expect((await table.delete('value > 1')).metrics.numDeletedRows).toBe(2)
  expect((await table.rows()).map(({ id }) => id)).toEqual([0n, 2n])
})
