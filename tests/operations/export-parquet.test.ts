import type { RecordBatch } from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { exportParquet } from '../../src/operations/export-parquet.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import type { StructType } from '../../src/schema/data-type.js'

const SCHEMA: StructType = {
  type: 'struct',
  fields: [
    { name: 'id', dataType: { type: 'long' }, nullable: false, metadata: {} },
    { name: 'text', dataType: { type: 'string' }, nullable: true, metadata: {} },
  ],
}
const BATCHES = 12

function batchOf(number: number): RecordBatch {
  return encodeRows(
    Array.from({ length: 2000 }, (_, i) => ({ id: BigInt(number * 2000 + i), text: `${'x'.repeat(4000)}${i}` })),
    SCHEMA,
  )
}

describe('an exported Parquet file', () => {
  it('comes piece by piece, while the rows are still being read', async () => {
    let read = 0
    async function* source(): AsyncGenerator<RecordBatch> {
      for (; read < BATCHES; read++) yield batchOf(read)
    }
    const pieces: Uint8Array[] = []
    const readBefore: number[] = []
    for await (const piece of exportParquet(source())) {
      pieces.push(piece)
      readBefore.push(read)
    }
    expect(readBefore[0]).toBeLessThan(BATCHES)
    const file = await openParquet(bytesSource('exported', Buffer.concat(pieces)))
    expect(file.numRows).toBe(BATCHES * 2000)
    expect(file.rowGroups.length).toBeGreaterThan(2)
    let next = 0n
    for await (const batch of file.read({ columns: ['id'] })) {
      for (const { id } of batch) expect(id).toBe(next++)
    }
    expect(next).toBe(BigInt(BATCHES * 2000))
  })

  it('has the schema where there are no rows', async () => {
    const { schema } = batchOf(0)
    const pieces: Uint8Array[] = []
    async function* nothing(): AsyncGenerator<RecordBatch> {}
    for await (const piece of exportParquet(nothing(), schema)) pieces.push(piece)
    const file = await openParquet(bytesSource('exported', Buffer.concat(pieces)))
    expect(file.numRows).toBe(0)
    expect(file.schema.fields.map(({ name }) => name)).toEqual(['id', 'text'])
  })
})
