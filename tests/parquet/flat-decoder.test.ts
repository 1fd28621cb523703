import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type RecordBatch, Schema } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { runsOfMask } from '../../src/arrow/row-runs.js'
import { fetchAssembly } from '../../src/parquet/assembly.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { columnLayouts, importBatches } from '../../src/parquet/column-layout.js'
import { flatChunk, placedChunks } from '../../src/parquet/flat/flat-column.js'
import { footerOf } from '../../src/parquet/footer.js'
import { miniFile } from '../../src/parquet/mini-file.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { readNodes } from '../../src/parquet/pages/read-node.js'
import { parseSchema } from '../../src/parquet/parquet-schema.js'
import { decodeFlatInline, decodeFromDisk, runInline, runInWorker } from '../../src/parquet/run-kernel.js'
import type { ThriftStruct } from '../../src/parquet/thrift-type.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import type { StructType } from '../../src/schema/data-type.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'
import { PARQUET_WRITERS, parquetFile } from '../support/parquet-files.js'
import { parquetFixture } from '../support/parquet-fixture.js'

const NESTED = new Set(['struct', 'array', 'map', 'variant'])
const BATCH_ROWS = 64

/** Files of columns without nesting, of up to 480 rows many of which repeat, as several writers make them. */
const files = fc
  .tuple(
    schemaAndRows.map(({ schema, rows }) => {
      const fields = schema.fields.filter(({ dataType }) => !NESTED.has(dataType.type))
      return { schema: { type: 'struct', fields } as StructType, rows }
    }),
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom(...PARQUET_WRITERS),
    fc.boolean(),
  )
  .filter(([{ schema, rows }]) => schema.fields.length > 0 && rows.length > 0)
  .map(([{ schema, rows }, times, writer, compressed]) => {
    const names = schema.fields.map(({ name }) => name)
    const many = Array.from({ length: rows.length * times }, (_, i) => {
      const row = rows[(i * 7) % rows.length] ?? {}
      return Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
    })
    return { schema, rows: many, bytes: parquetFile(encodeRows(many, schema), writer, compressed) }
  })

describe('columns without lists and structs', () => {
  it('have the rows that were written, whoever wrote them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ schema, rows, bytes }) => {
        const batches = await flatBatches(bytes)
        expect(batches?.map(({ numRows }) => numRows)).toEqual(lengthsOf(rows.length))
        expect(textsOf(batches, schema)).toEqual(rowsText(rows))
      }),
      { numRuns: 500 },
    )
  })

  it('have the rows that stay', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.infiniteStream(fc.nat(9)), async ({ schema, rows, bytes }, stream) => {
        // Stretches of rows that go and that stay by turns.
        const stays = rows.map(() => true)
        for (let i = 0; i < rows.length; ) {
          const [gone, kept] = [stream.next().value as number, stream.next().value as number]
          stays.fill(false, i, i + gone)
          i += gone + kept * kept + 1
        }
        const left = rows.filter((_, i) => stays[i])
        const mask = Uint8Array.from(stays, Number)
        const { starts, lengths, count } = runsOfMask(mask, mask.length)
        const runs = Int32Array.from(
          { length: count * 2 },
          (_, i) => (i % 2 === 0 ? starts : lengths)[i >> 1] as number,
        )
        const { schema: arrow, columns, rows: all, data } = await flatColumns(bytes)
        const decoded = decodeFlatInline(data, columns, { ...all, runs }, BATCH_ROWS)
        const batches = decoded && importBatches(arrow, decoded)
        if (left.length > 0) expect(batches?.map(({ numRows }) => numRows)).toEqual(lengthsOf(left.length))
        expect(textsOf(batches, schema)).toEqual(rowsText(left))
        const hidden = RowSet.of([...stays.keys()].filter((i) => stays[i] === false))
        const read: RecordBatch[] = []
        for await (const batch of (await openParquet(bytesSource('file', bytes))).read({ hidden })) read.push(batch)
        expect(textsOf(read, schema)).toEqual(rowsText(left))
      }),
      { numRuns: 500 },
    )
  })

  it('that are damaged are left to the kernel, or have the rows that it finds', async () => {
    const seen = { left: 0, same: 0 }
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ bytes, schema }, place, by) => {
        const { byteLength } = bytes
        const end = byteLength - 8 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(byteLength - 8, true)
        const damaged = bytes.slice()
        const at = 4 + (place % (end - 4))
        damaged[at] = (damaged[at] as number) ^ by
        const here = await flatBatches(damaged)
        if (here === undefined) {
          seen.left++
          return
        }
        expect(here.map(({ numRows }) => numRows)).toEqual(
          lengthsOf(here.reduce((sum, { numRows }) => sum + numRows, 0)),
        )
        const theirs = await kernelBatches(damaged).catch(() => undefined)
        if (theirs === undefined) return
        seen.same++
        expect(textsOf(here, schema)).toEqual(textsOf(theirs, schema))
      }),
      { numRuns: 500 },
    )
    expect(seen.left).toBeGreaterThan(0)
    expect(seen.same).toBeGreaterThan(0)
  })

  it('that are cut off anywhere are left to the kernel', async () => {
    const { bytes } = fc.sample(files, { numRuns: 1, seed: 7 })[0] as { bytes: Uint8Array<ArrayBuffer> }
    const { columns, rows, data } = await flatColumns(bytes)
    for (const [i, column] of columns.entries()) {
      for (let size = 0; size < column.size; size++) {
        const cut = columns.map((other, k) => (k === i ? { ...other, size } : other))
        expect(decodeFlatInline(data, cut, rows, BATCH_ROWS)).toBeUndefined()
      }
    }
  })

  it.each([0xfa, 0xff])(
    'do not keep anybody waiting where a header has a text that ends before it begins: %d',
    (last) => {
      // Type, two sizes, and in place of a header of values a binary of nearly 2^32 bytes, which would begin anew.
      const data = Uint8Array.of(0x15, 0, 0x15, 2, 0x15, 2, 0x28, last, 0xff, 0xff, 0xff, 0x0f, 0, 0)
      const column = { at: 0, size: data.length, isPacked: false, unpacked: 100, kind: 1, width: 8, outWidth: 8 }
      expect(decodeFlatInline(data, [{ ...column, isNullable: true }], { rows: 1 }, BATCH_ROWS)).toBeUndefined()
    },
  )

  it.each(['codec-none', 'codec-snappy', 'decimal-integer', 'decimal-fixed'])(
    'of pyarrow have the rows that the kernel finds: %s',
    async (name) => {
      const bytes = await parquetFixture(name)
      const [here, theirs] = [await flatBatches(bytes), await kernelBatches(bytes)]
      expect(here?.flatMap((batch) => batch.toArray().map(String))).toEqual(
        theirs.flatMap((batch) => batch.toArray().map(String)),
      )
    },
  )

  it.each(['not UTF-8', 'a part of a character each'])(
    'are left to the kernel where their texts are %s',
    async (what) => {
      const schema: StructType = {
        type: 'struct',
        fields: [{ name: 't', dataType: { type: 'binary' }, nullable: true, metadata: {} }],
      }
      const euro = new TextEncoder().encode('€')
      const values = what === 'not UTF-8' ? [Uint8Array.of(0xff)] : [euro.slice(0, 1), euro.slice(1)]
      const bytes = parquetFile(
        encodeRows(
          values.map((t) => ({ t })),
          schema,
        ),
        'ours',
        false,
      )
      const { columns, rows, data } = await flatColumns(bytes)
      const asText = columns.map((column) => ({ ...column, kind: 8 }))
      expect(decodeFlatInline(data, columns, rows, BATCH_ROWS)).toBeDefined()
      expect(decodeFlatInline(data, asText, rows, BATCH_ROWS)).toBeUndefined()
    },
  )

  describe('of DuckDB', () => {
    let folder: string
    let duckdb: DuckDBInstance
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'flat-decoder-'))
      duckdb = await DuckDBInstance.create()
    })
    afterAll(async () => {
      duckdb.closeSync()
      await rm(folder, { recursive: true })
    })

    // Nulls now and then, dictionaries that end within a column, long texts, many pages.
    const select = `SELECT i, (i % 5 - 2)::TINYINT AS b, CASE WHEN i % 3 > 0 THEN (i % 9000)::SMALLINT END AS s, i::INTEGER % 3 AS few, i % 7 = 0 AS flag,
        CASE WHEN i % 11 > 0 THEN i % 2 = 0 END AS flag2, i / 3 AS d, i::FLOAT AS f, CASE WHEN i % 4 > 0 THEN 'text ' || i END AS t,
        CASE WHEN i % 3 > 0 THEN 'é' || (i % 2) END AS t2, repeat('x', (i % 90)::INTEGER) AS long, CASE WHEN i < 9000 THEN 'same' ELSE 'other ' || i END AS t3,
        (-i / 7)::DECIMAL(9, 4) AS d9, CASE WHEN i % 6 > 0 THEN (i / 7)::DECIMAL(18, 4) END AS d18, (-i * 1e15)::DECIMAL(38, 10) AS d38,
        DATE '2020-01-01' - (i % 400)::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL (i) SECOND AS at, encode('x' || i) AS bin, NULL::VARCHAR AS none
      FROM range(20000) r(i)`

    it.each([
      ['snappy', 20_000],
      ['uncompressed', 20_000],
      ['snappy', 2048],
    ])('have the rows that the kernel finds: %s, %d rows a group', async (compression, rows) => {
      const path = join(folder, `${compression}-${rows}.parquet`)
      const connection = await duckdb.connect()
      await connection.run(
        `COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE ${rows})`,
      )
      const bytes = new Uint8Array(await readFile(path))
      const { rowGroups } = await footerOf(bytes, 'file')
      for (const i of rowGroups.keys()) {
        const here = await flatBatches(bytes, i)
        const theirs = await kernelBatches(bytes, i)
        expect(here?.map(({ numRows }) => numRows)).toEqual(theirs.map(({ numRows }) => numRows))
        expect(here?.flatMap((batch) => batch.toArray().map(String))).toEqual(
          theirs.flatMap((batch) => batch.toArray().map(String)),
        )
      }
    })
  })

  it('are read by a worker from a file, if it is there and whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flat-decoder-'))
    const { bytes } = fc.sample(files, { numRuns: 1, seed: 11 })[0] as { bytes: Uint8Array<ArrayBuffer> }
    const { columns, assembly, rows, data } = await flatColumns(bytes)
    const here = decodeFlatInline(data, columns, rows, BATCH_ROWS)
    expect(await runInWorker('decodeFlat', [data.slice(), columns, rows, BATCH_ROWS], [])).toEqual(here)
    const path = join(folder, 'data.parquet')
    const read = (signal?: AbortSignal) =>
      decodeFromDisk({ path, ...assembly }, { method: 'decodeFlat', args: [columns, rows, BATCH_ROWS] }, signal)
    expect(await read()).toBeUndefined()
    await writeFile(path, bytes.subarray(0, 20))
    expect(await read()).toBeUndefined()
    await writeFile(path, bytes)
    expect(await read()).toEqual({ decoded: here })
    await expect(read(AbortSignal.abort())).rejects.toMatchObject({ code: 'Aborted' })
    await rm(folder, { recursive: true })
  })
})

/** All columns of a row group for the flat decoder, and the bytes that it decodes. */
async function flatColumns(bytes: Uint8Array, rowGroup = 0) {
  const footer = await footerOf(bytes, 'file')
  const source = bytesSource('file', bytes)
  const group = footer.rowGroups[rowGroup] as ThriftStruct
  const nodes = readNodes(parseSchema(footer.elements))
  const chunks = (nodes ?? []).map((node) => {
    const chunk = flatChunk(group, node, source)
    if (chunk === undefined) throw new Error(`Column ${node.field.name} is not flat.`)
    return chunk
  })
  const { assembly, columns } = placedChunks(chunks)
  const data = await fetchAssembly(assembly, async ({ start, end }) => bytes.subarray(start, end))
  const schema = new Schema((nodes ?? []).map(({ field }) => field))
  return { schema, columns, assembly, rows: { rows: Number(group.field_3) }, data }
}

async function flatBatches(bytes: Uint8Array, rowGroup = 0): Promise<RecordBatch[] | undefined> {
  const { schema, columns, rows, data } = await flatColumns(bytes, rowGroup)
  const decoded = decodeFlatInline(data, columns, rows, BATCH_ROWS)
  return decoded && importBatches(schema, decoded)
}

async function kernelBatches(bytes: Uint8Array, rowGroup = 0): Promise<RecordBatch[]> {
  const footer = await footerOf(bytes, 'file')
  const { schema } = await openParquet(bytesSource('file', bytes))
  const group = footer.rowGroups[rowGroup] as ThriftStruct
  const mini = miniFile(bytesSource('file', bytes), footer, group, parseSchema(footer.elements), [])
  const file = await fetchAssembly(mini, async ({ start, end }) => bytes.subarray(start, end))
  return importBatches(schema, runInline('decode', file, columnLayouts(schema.fields), BATCH_ROWS))
}

function lengthsOf(rows: number): number[] {
  const lengths: number[] = []
  for (let start = 0; start < rows; start += BATCH_ROWS) lengths.push(Math.min(BATCH_ROWS, rows - start))
  return lengths
}

function textsOf(batches: readonly RecordBatch[] | undefined, schema: StructType): string[] | undefined {
  return batches && rowsText(batches.flatMap((batch) => decodeRows(conformBatch(batch, schema), schema)))
}
