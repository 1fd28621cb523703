import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { toIpc } from '../../src/arrow/ipc.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { footerOf } from '../../src/parquet/footer.js'
import { footerStatistics } from '../../src/parquet/footer-statistics.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { encodeLevels } from '../../src/parquet/pages/encode-hybrid.js'
import { runInline } from '../../src/parquet/run-kernel.js'
import { encodeSmallFile } from '../../src/parquet/small/write/small-file.js'
import { stringLowerBound, stringUpperBound } from '../../src/protocol/statistics/string-bound.js'
import type { StructType } from '../../src/schema/data-type.js'
import { compareKeys } from '../../src/storage/key-order.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'

const createdBy = 'test version 1.0.0'

/** Rows of any schema in batches, some of which are slices: each row up to 30 times in a row, so that levels make runs. */
const batchesOfRows = fc
  .tuple(schemaAndRows, fc.integer({ min: 1, max: 30 }), fc.nat(40), fc.boolean())
  .map(([{ schema, rows }, times, from, compressed]) => {
    const many = rows.flatMap((row) => Array.from({ length: times }, () => row))
    const start = Math.min(from, many.length)
    const batch = encodeRows(many, schema)
    const batches = start === 0 ? [batch] : [batch.slice(start), batch, batch.slice(0, start)]
    const expected = start === 0 ? many : [...many.slice(start), ...many, ...many.slice(0, start)]
    return { schema, batches, expected, compression: compressed ? ('snappy' as const) : ('uncompressed' as const) }
  })

describe('a small Parquet file', () => {
  let folder: string
  let duckdb: DuckDBInstance
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'small-file-'))
    duckdb = await DuckDBInstance.create()
  })
  afterAll(async () => {
    duckdb.closeSync()
    await rm(folder, { recursive: true })
  })

  it('has the rows that it was made of, as this library reads it', async () => {
    await fc.assert(
      fc.asyncProperty(batchesOfRows, async ({ schema, batches, expected, compression }) => {
        const bytes = encoded(batches, compression)
        const file = await openParquet(bytesSource('file', bytes))
        const back = (await all(file.read())).flatMap((each) => decodeRows(each, schema))
        expect(rowsText(back)).toEqual(rowsText(expected))
      }),
      { numRuns: 150 },
    )
  })

  it('is to DuckDB what parquet-wasm makes of the same rows', async () => {
    const connection = await duckdb.connect()
    let files = 0
    await fc.assert(
      fc.asyncProperty(batchesOfRows, async ({ batches, expected, compression }) => {
        // DuckDB keeps parts of files in memory: each has a name of its own.
        const [ours, theirs] = [join(folder, `${++files}-ours.parquet`), join(folder, `${files}-theirs.parquet`)]
        await writeFile(ours, encoded(batches, compression))
        await writeFile(theirs, encodedByWasm(batches))
        const rows = async (path: string): Promise<string[]> => {
          const reader = await connection.runAndReadAll(`SELECT t::VARCHAR FROM read_parquet('${path}') t`)
          return reader.getRows().map(([row]) => String(row))
        }
        const [first, second] = [await rows(ours), await rows(theirs)]
        expect(first).toHaveLength(expected.length)
        expect(first).toEqual(second)
      }),
      { numRuns: 100 },
    )
  })

  it('has the schema and the statistics that parquet-wasm gives it', async () => {
    await fc.assert(
      fc.asyncProperty(batchesOfRows, async ({ schema, batches, compression }) => {
        const [ours, theirs] = [encoded(batches, compression), encodedByWasm(batches)]
        const [first, second] = [await footerOf(ours, 'ours'), await footerOf(theirs, 'theirs')]
        expect(first.elements).toEqual(second.elements)
        expect(first.fileMetaData.field_7).toEqual(second.fileMetaData.field_7)
        const compared = withoutFloatsAndTexts(schema)
        expect(await footerStatistics(bytesSource('ours', ours), compared)).toEqual(
          await footerStatistics(bytesSource('theirs', theirs), compared),
        )
      }),
      { numRuns: 150 },
    )
  })

  it('has no bounds for floats with NaN, at any depth, and zeros of both signs in the others', async () => {
    const double = { type: 'double' } as const
    const fields = (nullable: boolean) =>
      ['nan', 'zero', 'some'].map((name) => ({ name, dataType: double, nullable, metadata: {} }))
    const inner: StructType = { type: 'struct', fields: fields(true) }
    const schema: StructType = {
      type: 'struct',
      fields: [...fields(true), { name: 'in', dataType: inner, nullable: true, metadata: {} }],
    }
    const values = [
      { nan: 1, zero: 0, some: 2.5 },
      { nan: Number.NaN, zero: 0, some: null },
      { nan: null, zero: 0, some: -1.5 },
    ]
    const bytes = encoded([encodeRows([...values.map((row) => ({ ...row, in: row })), {}], schema)], 'snappy')
    const file = await openParquet(bytesSource('file', bytes))
    const bounds = file.rowGroups[0]?.columns.map(({ nullCount, min, max }) => [nullCount, float(min), float(max)])
    const each = [
      [2, undefined, undefined],
      [1, -0, 0],
      [2, -1.5, 2.5],
    ]
    expect(bounds).toEqual([...each, ...each])
  })

  it('bounds texts of any length as tightly as the log does', async () => {
    const schema: StructType = {
      type: 'struct',
      fields: [{ name: 't', dataType: { type: 'string' }, nullable: true, metadata: {} }],
    }
    const text = fc.string({ maxLength: 100, unit: fc.constantFrom('a', 'é', '日', '😀') })
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        const bytes = encoded(
          [
            encodeRows(
              texts.map((t) => ({ t })),
              schema,
            ),
          ],
          'snappy',
        )
        const { minValues, maxValues } = await footerStatistics(bytesSource('file', bytes), schema)
        const [least = '', greatest = ''] = [texts.toSorted(compareKeys)[0], texts.toSorted(compareKeys).at(-1)]
        expect(minValues.get('t')).toBe(stringLowerBound(least))
        expect(maxValues.get('t')).toBe(stringUpperBound(greatest))
      }),
      { numRuns: 300 },
    )
  })

  it('is refused where a column that may not be null has a null', () => {
    const field = { name: 'a', dataType: { type: 'long' }, nullable: true, metadata: {} } as const
    const batch = encodeRows([{ a: 1n }, { a: null }], { type: 'struct', fields: [field] })
    const { schema } = encodeRows([], { type: 'struct', fields: [{ ...field, nullable: false }] })
    expect(() => encodeSmallFile(schema, [batch], { compression: 'snappy', createdBy })).toThrow('may not be null')
  })
})

describe('levels', () => {
  it('come back from runs and packed groups', () => {
    const runs = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 40 })), { maxLength: 20 })
    fc.assert(
      fc.property(runs, (pieces) => {
        const levels = Uint8Array.from(pieces.flatMap(([level, times]) => Array.from({ length: times }, () => level)))
        expect(decodedLevels(encodeLevels(levels, 5), 3, levels.length)).toEqual([...levels])
      }),
    )
  })

  it('take no room where there is one only, and their runs may be long', () => {
    expect(encodeLevels(new Uint8Array(1000), 0)).toHaveLength(0)
    expect(encodeLevels(new Uint8Array(100_000).fill(1), 1)).toHaveLength(4 + 3 + 1)
  })
})

function encoded(batches: readonly RecordBatch[], compression: 'snappy' | 'uncompressed'): Uint8Array {
  const { schema } = batches[0] as RecordBatch
  const bytes = encodeSmallFile(schema, batches, { compression, createdBy })
  if (bytes === undefined) throw new Error('These types were not known.')
  return bytes
}

function encodedByWasm(batches: readonly RecordBatch[]): Uint8Array {
  const { schema } = batches[0] as RecordBatch
  const settings = { compression: 'snappy', rowGroupRows: 1 << 20, createdBy, unbounded: [] } as const
  return runInline('encode', toIpc(schema, batches), settings)
}

/** NaN and long texts, whose bounds parquet-wasm cuts by bytes, have tests of their own. */
function withoutFloatsAndTexts({ fields }: StructType): StructType {
  const kept = fields.flatMap((field) => {
    const { dataType } = field
    if (dataType.type === 'float' || dataType.type === 'double' || dataType.type === 'string') return []
    return [dataType.type === 'struct' ? { ...field, dataType: withoutFloatsAndTexts(dataType) } : field]
  })
  return { type: 'struct', fields: kept }
}

function float(bytes: Uint8Array | undefined): number | undefined {
  return bytes && new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true)
}

/** As the specification says it, written anew. */
function decodedLevels(bytes: Uint8Array, width: number, count: number): number[] {
  const levels: number[] = []
  let at = 4
  while (at < bytes.byteLength) {
    let [header, shift] = [0, 0]
    for (;;) {
      const byte = bytes[at++] as number
      header |= (byte & 0x7f) << shift
      shift += 7
      if (byte < 0x80) break
    }
    if ((header & 1) === 0) {
      for (let i = 0; i < header >> 1; i++) levels.push(bytes[at] as number)
      at++
      continue
    }
    const groups = header >> 1
    for (let i = 0; i < groups * 8; i++) {
      let level = 0
      for (let bit = 0; bit < width; bit++) {
        const position = i * width + bit
        level |= (((bytes[at + (position >> 3)] as number) >> (position & 7)) & 1) << bit
      }
      levels.push(level)
    }
    at += groups * width
  }
  expect(at).toBe(bytes.byteLength)
  expect(levels.length - count).toBeLessThan(8)
  return levels.slice(0, count)
}

async function all(batches: AsyncIterable<RecordBatch>): Promise<RecordBatch[]> {
  const list: RecordBatch[] = []
  for await (const batch of batches) list.push(batch)
  return list
}
