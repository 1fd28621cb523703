import type { RecordBatch } from 'apache-arrow'
import { beforeAll, describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { deltaSchema } from '../../src/arrow/delta-schema.js'
import { MicrosecondDate } from '../../src/arrow/microsecond-date.js'
import type { Row } from '../../src/arrow/row.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import type { ByteSource } from '../../src/parquet/byte-source.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import type { ParquetFile } from '../../src/parquet/parquet-file.js'
import { openFixture, parquetFixture } from '../support/parquet-fixture.js'

async function batchesOf(batches: AsyncIterable<RecordBatch>): Promise<RecordBatch[]> {
  const list: RecordBatch[] = []
  for await (const batch of batches) list.push(batch)
  return list
}

async function rowsOf(file: ParquetFile): Promise<Row[]> {
  const batches = await batchesOf(file.read())
  return batches.flatMap((batch) => {
    const schema = deltaSchema(batch.schema, { naiveTimestamps: 'ntz' })
    return decodeRows(conformBatch(batch, schema), schema)
  })
}

function columnOf(rows: readonly Row[], name: string): unknown[] {
  return rows.map((row) => row[name])
}

describe('INT96', () => {
  it.each(['int96', 'int96-arrow-schema'])('is read exactly from the year 1 to 9999, nested too: %s', async (name) => {
    const rows = await rowsOf(await openFixture(name))
    const iso = (value: unknown): unknown =>
      value instanceof MicrosecondDate ? value.toISOString() : value instanceof Date ? value.toISOString() : value
    const expected = [
      '0001-01-01T00:00:00.000Z',
      '1600-01-02T03:04:05.678901Z',
      null,
      '2024-05-06T07:08:09.123456Z',
      '9999-12-31T23:59:59.999999Z',
    ]
    expect(columnOf(rows, 'at').map(iso)).toEqual(expected)
    expect(rows.map((row) => iso((row.s as { at: unknown } | null)?.at ?? null))).toEqual(expected)
    expect(rows.map((row) => iso((row.l as unknown[])[0]))).toEqual(expected)
  })
})

describe('the physical forms of other writers', () => {
  it('timestamps in every unit, with and without a zone', async () => {
    const [first, second] = await rowsOf(await openFixture('timestamp-units'))
    const instant = new Date('2024-05-06T07:08:09.123Z')
    const local = '2024-05-06T07:08:09.123000'
    expect(first).toEqual({ ms: local, us: local, ns: local, ms_utc: instant, us_utc: instant, ns_utc: instant })
    expect(Object.values(second as Row).every((value) => value === null)).toBe(true)
  })

  it.each(['decimal-fixed', 'decimal-integer'])('decimals: %s', async (name) => {
    expect(await rowsOf(await openFixture(name))).toEqual([
      { d9: '1234567.89', d18: '12345678901234.5678', d38: '1234567890123456789012345678.0123456789' },
      { d9: '-0.01', d18: '-0.0001', d38: '-0.0000000001' },
      { d9: null, d18: null, d38: null },
    ])
  })

  it('unsigned, small and half numbers', async () => {
    const [first] = await rowsOf(await openFixture('integers'))
    expect(first).toEqual({
      u8: 255,
      u16: 65535,
      u32: 4294967295n,
      u64: '18446744073709551615',
      i8: -128,
      i16: -32768,
      f16: 1.5,
    })
  })

  it.each(['nested', 'nested-item-names'])('lists, maps and structs: %s', async (name) => {
    expect(await rowsOf(await openFixture(name))).toEqual([
      { l: [1, null], m: new Map([['a', [1n]]]), s: { x: { y: 'deep' } } },
      { l: [], m: new Map(), s: { x: null } },
      { l: null, m: null, s: null },
      { l: [2], m: new Map([['b', null]]), s: { x: { y: null } } },
    ])
  })

  it('large, view, dictionary and fixed-size texts and binaries', async () => {
    expect(await rowsOf(await openFixture('texts'))).toEqual([
      row('a', 'a', 'a', 'a', [0, 255], [0, 255], [1, 2]),
      row(null, null, null, null, null, null, null),
      row('ä€😀', 'ä€😀', 'a text of more than twelve bytes', 'b', [], [], [3, 4]),
    ])
    function row(...values: readonly (string | readonly number[] | null)[]): Row {
      const names = ['plain', 'large', 'view', 'dictionary', 'bytes', 'large_bytes', 'fixed']
      return Object.fromEntries(
        names.map((name, i) => [name, Array.isArray(values[i]) ? Uint8Array.from(values[i]) : (values[i] ?? null)]),
      ) as Row
    }
  })

  it.each([
    'codec-none',
    'codec-snappy',
    'codec-gzip',
    'codec-brotli',
    'codec-zstd',
    'codec-lz4',
    'page-v2',
    'delta-encodings',
    'row-groups',
  ])('codecs, pages and encodings: %s', async (name) => {
    const rows = await rowsOf(await openFixture(name))
    expect(rows).toHaveLength(500)
    expect(rows.every(({ n, t }, i) => n === (i % 7 ? BigInt(i) : null) && t === `text ${i % 50}`)).toBe(true)
  })

  it('a file without rows', async () => {
    const file = await openFixture('no-rows')
    expect(file.numRows).toBe(0)
    expect(file.schema.names).toEqual(['n', 't'])
    expect(await batchesOf(file.read())).toEqual([])
  })
})

describe('what is read', () => {
  let bytes: Uint8Array
  beforeAll(async () => {
    bytes = await parquetFixture('row-groups')
  })

  function counting(): { source: ByteSource; requests: [number, number][] } {
    const requests: [number, number][] = []
    const source: ByteSource = {
      name: 'counted',
      // As if the file lay at the end of a megabyte: so that the tail is not all of it.
      size: bytes.byteLength,
      read: async (start, end) => {
        requests.push([start, end])
        return bytes.subarray(start, end)
      },
    }
    return { source, requests }
  }

  it('are the row groups and columns asked for, in file order', async () => {
    const file = await openParquet(bytesSource('f', bytes))
    expect(file.rowGroups.map(({ numRows, firstRow }) => [numRows, firstRow])).toEqual([
      [100, 0],
      [100, 100],
      [100, 200],
      [100, 300],
      [100, 400],
    ])
    const [first, second, ...rest] = await batchesOf(file.read({ columns: ['t', 'missing'], rowGroups: [1, 3] }))
    expect(rest).toEqual([])
    expect(first?.schema.names).toEqual(['t'])
    expect([first?.get(0)?.t, second?.get(99)?.t]).toEqual(['text 0', 'text 49'])
  })

  it('is nothing but row counts where no column is asked for', async () => {
    const { source, requests } = counting()
    const file = await openParquet(source)
    const batches = await batchesOf(file.read({ columns: [] }))
    expect(batches.map((batch) => [batch.numRows, batch.numCols])).toEqual(Array(5).fill([100, 0]))
    expect(requests).toHaveLength(1)
  })

  it('is one range of bytes for neighbouring columns of a row group, after one for the footer', async () => {
    const { source, requests } = counting()
    const file = await openParquet(source)
    await batchesOf(file.read({ rowGroups: [2] }))
    expect(requests).toHaveLength(2)
    const chunks = file.rowGroups[2]?.columns.reduce((sum, { compressedSize }) => sum + compressedSize, 0)
    const [start, end] = requests[1] as [number, number]
    expect(end - start).toBe(chunks)
  })

  it('may be fields of structs', async () => {
    const file = await openFixture('nested')
    const [batch] = await batchesOf(file.read({ columns: [['s', 'x', 'y'], 'l'] }))
    expect(String(batch?.schema)).toBe('Schema<{ 0: l: List<Int32>, 1: s: Struct<{x:Struct<{y:Utf8}>}> }>')
  })
})

describe('a damaged file', () => {
  it.each([
    ['cut in half', (bytes: Uint8Array) => bytes.subarray(0, bytes.byteLength / 2)],
    ['empty', () => new Uint8Array(0)],
    ['cut to its last bytes', (bytes: Uint8Array) => bytes.subarray(-6)],
    ['text', () => Buffer.from('no Parquet file, but longer than that')],
    ['a footer longer than the file', (bytes: Uint8Array) => withByte(bytes, bytes.byteLength - 5, 0x7f)],
    [
      'a footer of nonsense',
      (bytes: Uint8Array) =>
        bytes.map((byte, i) => (i > bytes.byteLength - 600 && i < bytes.byteLength - 8 ? 0xff : byte)),
    ],
  ])('is CorruptData with its name: %s', async (_, damage) => {
    const bytes = damage(await parquetFixture('codec-snappy'))
    const error = await openParquet(bytesSource('part-0.parquet', bytes)).then(rowsOf, (thrown: unknown) => thrown)
    expect(isDeltaError(error, 'CorruptData') && error.details.path).toBe('part-0.parquet')
  })

  it('is CorruptData where pages do not decode, and the next file reads all the same', async () => {
    const bytes = await parquetFixture('codec-snappy')
    const damaged = bytes.map((byte, i) => (i >= 4 && i < 400 ? byte ^ 0xff : byte))
    const file = await openParquet(bytesSource('part-0.parquet', damaged))
    await expect(rowsOf(file)).rejects.toSatisfy((error) => isDeltaError(error, 'CorruptData'))
    expect(await rowsOf(await openFixture('codec-snappy'))).toHaveLength(500)
  })

  it('gives the right rows or CorruptData, whichever byte is flipped', async () => {
    const bytes = await parquetFixture('page-v2')
    const failures: unknown[] = []
    for (let at = 0; at < bytes.byteLength; at += 3) {
      const flipped = withByte(bytes, at, (bytes[at] as number) ^ (1 << (at % 8)))
      const outcome = await openParquet(bytesSource('f', flipped))
        .then(rowsOf)
        .catch((error: unknown) => error)
      if (!Array.isArray(outcome) && !isDeltaError(outcome)) failures.push([at, outcome])
    }
    expect(failures).toEqual([])
  })
})

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = value
  return copy
}
