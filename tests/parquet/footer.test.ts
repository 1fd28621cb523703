import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { footerOf, readFooter, readSchema } from '../../src/parquet/footer.js'
import { schemaAndRows } from '../support/arbitrary-rows.js'
import { PARQUET_WRITERS, parquetFile } from '../support/parquet-files.js'

const files = fc.tuple(schemaAndRows, fc.constantFrom(...PARQUET_WRITERS)).map(([{ schema, rows }, writer]) => ({
  bytes: parquetFile(encodeRows(rows, schema), writer, false),
  numRows: rows.length,
}))

describe('the schema of a Parquet file', () => {
  it('is the one of its footer, whoever wrote it, and comes with the number of rows', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ bytes, numRows }) => {
        const schema = await readSchema(bytesSource('file', bytes))
        const footer = await readFooter(bytesSource('file', bytes))
        expect(schema.elements).toEqual(footer.elements)
        expect([schema.numRows, Number(footer.fileMetaData.field_3)]).toEqual([numRows, numRows])
      }),
    )
  })

  it('is told from another by its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(files, files, async (a, b) => {
        const [one, other] = await Promise.all([a, b].map(({ bytes }) => readSchema(bytesSource('file', bytes))))
        const same = Buffer.compare(one?.bytes as Uint8Array, other?.bytes as Uint8Array) === 0
        if (same) expect(one?.elements).toEqual(other?.elements)
        const again = await readSchema(bytesSource('other', a.bytes.slice()))
        expect(again.bytes).toEqual(one?.bytes)
      }),
    )
  })

  it('is read also where the fields of the footer stand in another order', async () => {
    const bytes = parquetFile(encodeRows([{ a: 1 }], schema()), 'ours', false)
    const { elements } = await footerOf(bytes, 'file')
    // The version as field 1 with its number written out, which the short header does not say.
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.byteLength - 8, true)
    const start = bytes.byteLength - 8 - length
    const longer = Uint8Array.of(
      ...bytes.subarray(0, start),
      0x05,
      0x02,
      ...bytes.subarray(start + 1, bytes.byteLength - 8),
      ...new Uint8Array(Uint32Array.of(length + 1).buffer),
      ...bytes.subarray(bytes.byteLength - 4),
    )
    const read = await readSchema(bytesSource('file', longer))
    expect([read.elements, read.numRows]).toEqual([elements, 1])
  })

  it('is CorruptData, or some schema, for any damage of the footer', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ bytes }, at, flip) => {
        const view = new DataView(bytes.buffer, bytes.byteOffset)
        const end = bytes.byteLength - 8
        const start = end - view.getUint32(end, true)
        const damaged = bytes.slice()
        const place = start + (at % (end - start))
        damaged[place] = (damaged[place] as number) ^ flip
        try {
          expect((await readSchema(bytesSource('file', damaged))).elements.length).toBeGreaterThan(0)
        } catch (error) {
          expect(isDeltaError(error, 'CorruptData')).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

function schema() {
  return {
    type: 'struct',
    fields: [{ name: 'a', dataType: { type: 'integer' }, nullable: true, metadata: {} }],
  } as const
}
