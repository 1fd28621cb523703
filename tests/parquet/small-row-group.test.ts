import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { fromIpc } from '../../src/arrow/ipc.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { columnLayouts, importBatches } from '../../src/parquet/column-layout.js'
import { footerOf } from '../../src/parquet/footer.js'
import { chunkAt, emptyMiniFile } from '../../src/parquet/mini-file.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import { encodeLevels } from '../../src/parquet/pages/encode-hybrid.js'
import { readHybrid } from '../../src/parquet/pages/read-hybrid.js'
import { readNodes } from '../../src/parquet/pages/read-node.js'
import { leafIndexes, parseSchema } from '../../src/parquet/parquet-schema.js'
import { runInline } from '../../src/parquet/run-kernel.js'
import { isSmall, readSmallRowGroup, type StoredChunk } from '../../src/parquet/small/read/small-row-group.js'
import type { ThriftStruct } from '../../src/parquet/thrift-type.js'
import type { StructType } from '../../src/schema/data-type.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'
import { PARQUET_WRITERS, parquetFile } from '../support/parquet-files.js'

/** Files of the same rows, as several writers make them: with and without dictionaries and compression, with pages of both versions. */
const files = fc
  .tuple(schemaAndRows, fc.integer({ min: 1, max: 30 }), fc.constantFrom(...PARQUET_WRITERS), fc.boolean())
  .map(([{ schema, rows }, times, writer, compressed]) => {
    const many = rows.flatMap((row) => Array.from({ length: times }, () => row))
    const batch = encodeRows(many, schema)
    const bytes = parquetFile(batch, writer, compressed)
    return { schema, rows: many, bytes }
  })

describe('a small row group', () => {
  it('has the schema that parquet-wasm gives it', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ bytes }) => {
        const { columns, footer } = await opened(bytes)
        const known = fromIpc(runInline('readSchema', emptyMiniFile(footer, columns)), 'file').schema
        const fields = readNodes(columns)?.map(({ field }) => field)
        expect(fields?.map((field) => [String(field), field.metadata])).toEqual(
          known.fields.map((field) => [String(field), field.metadata]),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('has the rows that were written, whoever wrote them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({ schema, rows, bytes }) => {
        expect(await readHere(bytes, schema)).toEqual(rowsText(rows))
      }),
      { numRuns: 400 },
    )
  })

  describe('by DuckDB', () => {
    let folder: string
    let duckdb: DuckDBInstance
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'small-row-group-'))
      duckdb = await DuckDBInstance.create()
    })
    afterAll(async () => {
      duckdb.closeSync()
      await rm(folder, { recursive: true })
    })

    it('has the rows that the kernel reads', async () => {
      const path = join(folder, 'types.parquet')
      await copyTypes(await duckdb.connect(), path, 'V1')
      const bytes = new Uint8Array(await readFile(path))
      const { schema, list } = await batchesHere(bytes)
      const layouts = columnLayouts(schema.fields)
      const decoded = importBatches(schema, runInline('decode', bytes, layouts, 1 << 20))
      expect(texts(list)).toEqual(texts(decoded))
      expect(texts(list)).toHaveLength(300)
    })

    it('is left to the kernel where it has encodings that are not read here', async () => {
      const path = join(folder, 'deltas.parquet')
      await copyTypes(await duckdb.connect(), path, 'V2')
      const bytes = new Uint8Array(await readFile(path))
      const { footer, columns } = await opened(bytes)
      const [group] = footer.rowGroups as [ThriftStruct]
      expect(isSmall(chunksOf(group, bytes, leafIndexes(columns)).map(({ metaData }) => metaData))).toBe(false)
    })
  })

  it('that is damaged is an error, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ bytes, schema }, place, by) => {
        const { footer } = await opened(bytes)
        const end = footer.rowGroups.length === 0 ? 4 : bytes.byteLength - 8 - metaDataLength(bytes)
        if (end <= 4) return
        const damaged = bytes.slice()
        const at = 4 + (place % (end - 4))
        damaged[at] = (damaged[at] as number) ^ by
        // It may be told as other rows: pages have no checksums. It may not hang, or hold what was never there.
        const rows = await readHere(damaged, schema).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Error)
          return undefined
        })
        if (rows !== undefined)
          expect(rows.length).toBe(footer.rowGroups.reduce((sum, g) => sum + Number(g.field_3), 0))
      }),
      { numRuns: 400 },
    )
  })
})

describe('numbers in runs and packed groups', () => {
  it('come back', () => {
    const runs = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 40 })), { maxLength: 20 })
    fc.assert(
      fc.property(runs, (pieces) => {
        const levels = Uint8Array.from(pieces.flatMap(([level, times]) => Array.from({ length: times }, () => level)))
        const back = new Uint8Array(levels.length)
        readHybrid(encodeLevels(levels, 5).subarray(4), 3, back, 6)
        expect(back).toEqual(levels)
      }),
    )
  })

  it('are refused where they are too large, too wide, or not there', () => {
    const out = () => new Int32Array(8)
    expect(() => readHybrid(Uint8Array.of(16, 7), 3, out(), 7)).toThrow('is 7, not below 7')
    expect(() => readHybrid(Uint8Array.of(16, 7), 33, out(), 8)).toThrow('33 bits')
    expect(() => readHybrid(Uint8Array.of(3, 1), 3, out(), 8)).toThrow('ends before')
    expect(() => readHybrid(Uint8Array.of(0, 1), 3, out(), 8)).toThrow('empty run')
    expect(() => readHybrid(new Uint8Array(9).fill(0xff), 3, out(), 8)).toThrow('too many bytes')
  })
})

async function opened(bytes: Uint8Array) {
  const footer = await footerOf(bytes, 'file')
  return { footer, columns: parseSchema(footer.elements) }
}

async function batchesHere(bytes: Uint8Array) {
  const { footer, columns } = await opened(bytes)
  const nodes = readNodes(columns)
  if (nodes === undefined) throw new Error('The schema was not known.')
  const { schema } = await openParquet(bytesSource('file', bytes))
  const list = footer.rowGroups.map((group) => {
    const chunks = chunksOf(group, bytes, leafIndexes(columns))
    expect(isSmall(chunks.map(({ metaData }) => metaData))).toBe(true)
    return readSmallRowGroup(schema, nodes, Number(group.field_3), ({ index }) => chunks[index] as StoredChunk)
  })
  return { schema, list }
}

async function readHere(bytes: Uint8Array, schema: StructType): Promise<string[]> {
  return rowsText((await batchesHere(bytes)).list.flatMap((batch) => decodeRows(conformBatch(batch, schema), schema)))
}

function chunksOf(group: ThriftStruct, bytes: Uint8Array, leaves: readonly number[]): StoredChunk[] {
  return leaves.map((leaf) => {
    const { chunk, span } = chunkAt(group, leaf, bytesSource('file', bytes))
    return { metaData: chunk.field_3 as ThriftStruct, bytes: bytes.subarray(span.start, span.end) }
  })
}

function metaDataLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.byteLength - 8, true)
}

function texts(batches: readonly RecordBatch[]): string[] {
  return batches.flatMap((batch) => batch.toArray().map(String))
}

/** 300 rows of each type, with nulls at every depth, some of which repeat. */
async function copyTypes(connection: DuckDBConnection, path: string, version: string): Promise<void> {
  await connection.run(`COPY (
    SELECT i, (i % 5 - 2)::TINYINT AS b, (i - 150)::SMALLINT AS s, i::INTEGER % 3 AS few, i % 7 = 0 AS flag, i / 3 AS d, i::FLOAT AS f,
      CASE WHEN i % 4 > 0 THEN 'text ' || i END AS t, CASE WHEN i % 3 > 0 THEN 'é' || (i % 2) END AS t2,
      (-i / 7)::DECIMAL(9, 4) AS d9, (i / 7)::DECIMAL(18, 4) AS d18, (-i * 1e15)::DECIMAL(38, 10) AS d38,
      DATE '2020-01-01' - i::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL (i) SECOND AS at, encode('x' || i) AS bin,
      CASE WHEN i % 5 > 0 THEN [x FOR x IN range(i % 4) IF x <> 1] || [NULL] END AS list,
      CASE WHEN i % 6 > 0 THEN {'a': i, 'b': {'c': [i::VARCHAR, NULL], 'd': CASE WHEN i % 2 = 0 THEN [[i], []] END}} END AS nested,
      MAP([i, i + 1], ['one', NULL]) AS map
    FROM range(300) r(i)) TO '${path}' (FORMAT parquet, PARQUET_VERSION ${version})`)
}
