import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { type Row, string, struct } from '../../src/index.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { footerOf } from '../../src/parquet/footer.js'
import { footerStatistics } from '../../src/parquet/footer-statistics.js'
import { type MergedFile, mergeFiles } from '../../src/parquet/merge/merge-files.js'
import { chunksOf, fileTrailer } from '../../src/parquet/mini-file.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { encodeHybrid } from '../../src/parquet/pages/encode-hybrid.js'
import { exactHybrid } from '../../src/parquet/pages/exact-hybrid.js'
import { CODEC } from '../../src/parquet/pages/page-format.js'
import { readHybrid } from '../../src/parquet/pages/read-hybrid.js'
import { renumberHybrid } from '../../src/parquet/pages/renumber-hybrid.js'
import { storeSnappy, unpackSnappy } from '../../src/parquet/pages/snappy.js'
import type { ThriftStruct } from '../../src/parquet/thrift-type.js'
import { joinBytes } from '../../src/runtime/join-bytes.js'
import type { StructType } from '../../src/schema/data-type.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'
import { PARQUET_WRITERS, parquetFile } from '../support/parquet-files.js'

/** Files of one schema by several writers: rows of each come a number of times, so that some columns are worth a dictionary and some are not. */
const filesOfOneSchema = fc
  .tuple(
    schemaAndRows,
    fc.array(
      fc.record({
        writer: fc.constantFrom(...PARQUET_WRITERS),
        compressed: fc.boolean(),
        times: fc.integer({ min: 1, max: 40 }),
        from: fc.nat(5),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    fc.constantFrom(CODEC.snappy, CODEC.uncompressed),
  )
  .map(([{ schema, rows }, parts, codec]) => {
    const files = parts.map(({ writer, compressed, times, from }) => {
      const many = rows.slice(from).flatMap((row) => Array.from({ length: times }, () => row))
      return { rows: many, bytes: parquetFile(encodeRows(many, schema), writer, compressed) }
    })
    return { schema, files, codec }
  })

describe('files that are merged', () => {
  it('have the rows of all, in order, whoever wrote them', async () => {
    await fc.assert(
      fc.asyncProperty(filesOfOneSchema, async ({ schema, files, codec }) => {
        const { bytes, numRows } = await merged(
          files.map((file) => file.bytes),
          codec,
        )
        const rows = files.flatMap((file) => file.rows)
        expect(numRows).toBe(rows.length)
        expect(rowsText(await rowsOf(bytes, schema))).toEqual(rowsText(rows))
      }),
      { numRuns: 300 },
    )
  })

  it('have the bounds and the null counts of all', async () => {
    await fc.assert(
      fc.asyncProperty(filesOfOneSchema, async ({ schema, files, codec }) => {
        const rows = files.flatMap((file) => file.rows)
        if (rows.length === 0) return
        const { bytes } = await merged(
          files.map((file) => file.bytes),
          codec,
        )
        const known = { withoutNaN: () => true }
        const together = await footerStatistics(bytesSource('together', bytes), schema, known)
        const { footer } = await opened(bytes)
        expect(footer.rowGroups).toHaveLength(1)
        // Files that are read one after the other as the row groups of one have the same statistics.
        const apart = await Promise.all(
          files
            .filter((file) => file.rows.length > 0)
            .map((file) => footerStatistics(bytesSource('one', file.bytes), schema, known)),
        )
        expect(together.numRecords).toBe(apart.reduce((sum, { numRecords = 0 }) => sum + numRecords, 0))
        for (const { name, dataType } of schema.fields) {
          if (dataType.type === 'struct') continue
          const nulls = apart.map(({ nullCount }) => nullCount.get(name) as number | undefined)
          expect(together.nullCount.get(name)).toEqual(
            nulls.includes(undefined) ? undefined : nulls.reduce((sum: number, count) => sum + (count as number), 0),
          )
          for (const side of ['minValues', 'maxValues'] as const) {
            const bound = together[side].get(name)
            const bounds = apart.map((statistics) => statistics[side].get(name)).filter((each) => each !== undefined)
            // It is one of theirs, and no other is beyond it.
            if (bound === undefined) continue
            expect(bounds).toContainEqual(bound)
            if (typeof bound !== 'number' && typeof bound !== 'bigint') continue
            for (const other of bounds as number[]) {
              expect(side === 'minValues' ? bound <= other : bound >= other).toBe(true)
            }
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keep no bounds of the older kind: what readers make of them depends on who wrote the file', async () => {
    const schema = struct({ name: string() }) as StructType
    const bytes = parquetFile(encodeRows([{ name: 'a' }, { name: 'é' }], schema), 'ours', true)
    const { footer } = await opened(bytes)
    const groups = footer.rowGroups.map((group) => ({
      ...group,
      field_1: chunksOf(group).map((chunk) => {
        const { field_12, ...metaData } = chunk.field_3 as ThriftStruct
        const { field_3, field_5, field_6 } = field_12 as ThriftStruct
        return { ...chunk, field_3: { ...metaData, field_12: { field_1: field_5, field_2: field_6, field_3 } } }
      }),
    })) as ThriftStruct[]
    const body = bytes.subarray(0, bytes.byteLength - 8 - metaDataLength(bytes))
    const old = joinBytes([body, fileTrailer({ ...footer.fileMetaData, field_4: groups })])
    for (const files of [[old], [old, old]]) {
      const { footer: merging } = await opened((await merged(files, CODEC.snappy)).bytes)
      const [chunk] = chunksOf(merging.rowGroups[0] as ThriftStruct) as [ThriftStruct]
      expect((chunk.field_3 as ThriftStruct).field_12).toEqual({ field_3: 0n })
    }
  })

  it('that are damaged are CorruptData, or other rows where nobody can tell', async () => {
    await fc.assert(
      fc.asyncProperty(filesOfOneSchema, fc.nat(), fc.integer({ min: 1, max: 255 }), async (data, place, by) => {
        const { files, codec } = data
        const [first, ...others] = files.map((file) => file.bytes) as [Uint8Array, ...Uint8Array[]]
        const { footer } = await opened(first)
        const end = footer.rowGroups.length === 0 ? 4 : first.byteLength - 8 - metaDataLength(first)
        if (end <= 4) return
        const damaged = first.slice()
        const at = 4 + (place % (end - 4))
        damaged[at] = (damaged[at] as number) ^ by
        await merged([damaged, ...others], codec).catch((error: unknown) => {
          expect(isDeltaError(error, 'CorruptData')).toBe(true)
          expect(String(error)).toContain('file 0')
        })
      }),
      { numRuns: 300 },
    )
  })

  describe('of DuckDB', () => {
    let folder: string
    let duckdb: DuckDBInstance
    let connection: DuckDBConnection
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'merge-files-'))
      duckdb = await DuckDBInstance.create()
      connection = await duckdb.connect()
    })
    afterAll(async () => {
      duckdb.closeSync()
      await rm(folder, { recursive: true })
    })

    it.each([
      ['of some thousand rows', [3000, 1, 5000, 40, 9000, 2500], [19_541]],
      ['of which one fills a row group', [20_000, 130_000, 40_000, 40_000, 60_000], [20_000, 122_880, 87_120, 60_000]],
      ['of one row each', Array.from({ length: 300 }, () => 1), [300]],
    ])('%s have the rows of all', async (_, sizes, groups) => {
      let from = 0
      const paths: string[] = []
      for (const [i, size] of sizes.entries()) {
        const path = join(folder, `part-${i}.parquet`)
        await connection.run(`COPY (${selectTypes(from, size)}) TO '${path}' (FORMAT parquet)`)
        from += size
        paths.push(path)
      }
      const { bytes, numRows } = await merged(
        await Promise.all(paths.map(async (path) => new Uint8Array(await readFile(path)))),
        CODEC.snappy,
      )
      const together = join(folder, 'together.parquet')
      await writeFile(together, bytes)
      expect(numRows).toBe(from)
      expect(await digest(connection, [together])).toEqual(await digest(connection, paths))
      const { footer } = await opened(bytes)
      expect(footer.rowGroups.map(({ field_3 }) => Number(field_3))).toEqual(groups)
    })

    it('keep what repeats in a dictionary, and what does not as it is', async () => {
      const files: Uint8Array[] = []
      for (let i = 0; i < 6; i++) {
        const path = join(folder, `mixed-${i}.parquet`)
        await connection.run(`COPY (SELECT (hash(i) >> 1)::BIGINT AS unique_number, (hash(i) % 1500)::INTEGER AS few, 'text ' || (hash(i) % 3000) AS texts,
            'unique ' || hash(i) AS unique_text FROM range(${i * 5000}, ${(i + 1) * 5000}) r(i)) TO '${path}' (FORMAT parquet)`)
        files.push(new Uint8Array(await readFile(path)))
      }
      const { bytes } = await merged(files, CODEC.snappy)
      const { footer } = await opened(bytes)
      const [group] = footer.rowGroups as [ThriftStruct]
      const dictionaries = chunksOf(group).map(({ field_3 }) => (field_3 as ThriftStruct).field_11 !== undefined)
      expect(dictionaries).toEqual([false, true, true, false])
      expect(bytes.byteLength).toBeLessThan(files.reduce((sum, { byteLength }) => sum + byteLength, 0))
    })
  })
})

describe('numbers of a dictionary', () => {
  it('are replaced in their runs and packed groups', () => {
    const numbers = fc.integer({ min: 1, max: 17 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        runs: fc.array(fc.tuple(fc.nat(2 ** width - 1), fc.integer({ min: 1, max: 30 })), { maxLength: 30 }),
        by: fc.nat(2 ** width - 1),
      }),
    )
    fc.assert(
      fc.property(numbers, ({ width, runs, by }) => {
        const all = Int32Array.from(runs.flatMap(([number, times]) => Array.from({ length: times }, () => number)))
        const others = Int32Array.from({ length: 2 ** width }, (_, i) => i ^ by)
        const renumbered = renumberHybrid(encodeHybrid(all, width), width, others)
        const back = new Int32Array(all.length)
        readHybrid(renumbered as Uint8Array, width, back, 2 ** width)
        expect(back).toEqual(all.map((number) => number ^ by))
      }),
      { numRuns: 500 },
    )
  })

  it('are cut off where they end, so that others may follow', () => {
    const pages = fc.integer({ min: 1, max: 17 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        pages: fc.array(
          fc.array(fc.tuple(fc.nat(2 ** width - 1), fc.integer({ min: 1, max: 30 })), { maxLength: 12 }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    )
    fc.assert(
      fc.property(pages, ({ width, pages: all }) => {
        const numbers = all.map((runs) =>
          Int32Array.from(runs.flatMap(([number, times]) => Array.from({ length: times }, () => number))),
        )
        const joined = joinBytes(numbers.flatMap((each) => exactHybrid(encodeHybrid(each, width), width, each.length)))
        const expected = numbers.flatMap((each) => [...each])
        const back = new Int32Array(expected.length)
        readHybrid(joined, width, back, 2 ** width)
        expect([...back]).toEqual(expected)
      }),
      { numRuns: 500 },
    )
    const five = encodeHybrid(Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2, 3, 4), 3)
    expect(() => exactHybrid(five, 3, 30)).toThrow('ends before')
    expect(() => exactHybrid(Uint8Array.of(0), 3, 1)).toThrow('empty run')
    expect(() => exactHybrid(five.subarray(0, 3), 3, 10)).toThrow('ends before')
  })

  it('are left to others where one of them has no place', () => {
    const five = encodeHybrid(Int32Array.of(0, 1, 2, 3, 4, 0, 1, 2, 3, 4), 3)
    expect(renumberHybrid(five, 3, Int32Array.of(4, 3, 2, 1))).toBeUndefined()
    expect(renumberHybrid(encodeHybrid(new Int32Array(20).fill(9), 5), 5, new Int32Array(9))).toBeUndefined()
    expect(renumberHybrid(five, 25, Int32Array.of(0))).toBeUndefined()
    expect(() => renumberHybrid(Uint8Array.of(0x80), 3, new Int32Array(8))).toThrow('ends before')
  })
})

describe('bytes that Snappy only stores', () => {
  it.each([0, 1, 59, 60, 61, 255, 256, 257, 70_000])('come back, %i of them', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i)
    expect(unpackSnappy(storeSnappy(bytes), length)).toEqual(bytes)
    expect(() => unpackSnappy(storeSnappy(bytes), length + 1)).toThrow('unpacks to')
  })
})

async function merged(
  files: readonly Uint8Array[],
  codec: number,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly numRows: number }> {
  let numRows = 0
  const pieces: Uint8Array[] = []
  const onRows = (rows: number): void => {
    numRows += rows
  }
  for await (const piece of mergeFiles(opening(files), { codec, onRows })) pieces.push(piece)
  return { bytes: joinBytes(pieces), numRows }
}

async function* opening(files: readonly Uint8Array[]): AsyncGenerator<MergedFile, void, undefined> {
  for (const [i, bytes] of files.entries()) {
    yield { source: bytesSource(`file ${i}`, bytes), footer: await footerOf(bytes, `file ${i}`) }
  }
}

async function opened(bytes: Uint8Array) {
  return { footer: await footerOf(bytes, 'file') }
}

async function rowsOf(bytes: Uint8Array, schema: StructType): Promise<Row[]> {
  const file = await openParquet(bytesSource('merged', bytes))
  const rows: Row[] = []
  for await (const batch of file.read()) rows.push(...decodeRows(conformBatch(batch, schema), schema))
  return rows
}

function metaDataLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.byteLength - 8, true)
}

/** Rows of each type, with nulls at every depth, of which many repeat. */
function selectTypes(from: number, count: number): string {
  return `SELECT i, (i % 5 - 2)::TINYINT AS b, (i % 900)::SMALLINT AS s, hash(i)::VARCHAR AS unique_text, i::INTEGER % 3 AS few, i % 7 = 0 AS flag,
      i / 3 AS d, CASE WHEN i % 11 > 0 THEN (i % 100)::FLOAT END AS f, CASE WHEN i % 4 > 0 THEN 'text ' || (i % 700) END AS t,
      CASE WHEN i >= 4000 THEN 'é' || (i % 2) END AS t2, (-i / 7)::DECIMAL(9, 4) AS d9, (i % 50)::DECIMAL(38, 10) AS d38,
      DATE '2020-01-01' - (i % 2500)::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL (i) SECOND AS at, encode('x' || (i % 40)) AS bin,
      CASE WHEN i % 5 > 0 THEN [x FOR x IN range(i % 4) IF x <> 1] || [NULL] END AS list,
      CASE WHEN i % 6 > 0 THEN {'a': i, 'b': {'c': [(i % 9)::VARCHAR, NULL], 'd': CASE WHEN i % 2 = 0 THEN [[i % 10], []] END}} END AS nested,
      MAP([i, i + 1], ['one', NULL]) AS map, NULL::INTEGER AS nothing
    FROM range(${from}, ${from + count}) r(i)`
}

async function digest(connection: DuckDBConnection, files: readonly string[]): Promise<unknown> {
  const list = files.map((file) => `'${file}'`).join(', ')
  const rows = `SELECT row_number() OVER () AS n, t FROM read_parquet([${list}]) t`
  const reader = await connection.runAndReadAll(`SELECT count(*), sum(hash(n, t::VARCHAR)) FROM (${rows})`)
  return reader.getRowsJson()
}
