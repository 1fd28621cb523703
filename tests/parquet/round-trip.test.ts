import type { RecordBatch } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'

describe('a Parquet file', () => {
  it('gives back rows of any schema, however they were grouped', async () => {
    await fc.assert(
      fc.asyncProperty(
        schemaAndRows,
        fc.constantFrom('snappy', 'zstd', 'uncompressed'),
        fc.integer({ min: 1, max: 20 }),
        fc.uniqueArray(fc.nat(24)),
        async ({ schema, rows }, compression, rowGroupRows, gone) => {
          const batch = encodeRows(rows, schema)
          const bytes = await encodeParquet([batch, batch], {
            schema: batch.schema,
            compression: compression as 'snappy',
            rowGroupRows,
          })
          const file = await openParquet(bytesSource('file', bytes))
          const read = await all(file.read())
          expect(file.numRows).toBe(rows.length * 2)
          expect(file.rowGroups.every(({ numRows }) => numRows <= rowGroupRows)).toBe(true)
          const back = read.flatMap((each) => decodeRows(conformBatch(each, schema), schema))
          const written = [...rowsText(rows), ...rowsText(rows)]
          expect(rowsText(back)).toEqual(written)
          const left = await all(file.read({ hidden: RowSet.of(gone) }))
          expect(rowsText(left.flatMap((each) => decodeRows(conformBatch(each, schema), schema)))).toEqual(
            written.filter((_, i) => !gone.includes(i)),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})

async function all(batches: AsyncIterable<RecordBatch>): Promise<RecordBatch[]> {
  const list: RecordBatch[] = []
  for await (const batch of batches) list.push(batch)
  return list
}
