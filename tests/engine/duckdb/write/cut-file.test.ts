import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cutFile } from '../../../../src/engine/duckdb/write/cut-file.js'
import { bytesSource } from '../../../../src/parquet/bytes-source.js'
import { openParquet } from '../../../../src/parquet/open-parquet.js'

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-cut-'))
  instance = await DuckDBInstance.create()
  connection = await instance.connect()
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true, force: true })
})

const COLUMNS: Readonly<Record<string, string>> = {
  id: 'i',
  nested: "{'a': i, 'tags': [i::VARCHAR, 'x'], 'm': MAP {'k': i / 3}}",
  text: "CASE WHEN i % 7 = 0 THEN NULL ELSE 'text ' || i END",
  'a name "with" quotes': 'i % 3',
  price: 'CAST(i AS DECIMAL(12, 2))',
}
const NAMES = Object.keys(COLUMNS)
const LONG_AND_MANY_ROW_GROUPS = 30_000

async function written(name: string, rows: number) {
  const localPath = join(folder, `${name}.parquet`)
  const columns = NAMES.map((column) => `${COLUMNS[column]} AS "${column.replaceAll('"', '""')}"`).join(', ')
  await connection.run(
    `COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${localPath}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
  )
  return { localPath, size: (await stat(localPath)).size, numRows: rows, partitionValues: {} }
}

async function textOf(path: string, columns: readonly string[]): Promise<string> {
  const list = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ')
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER, sum(hash(t))::VARCHAR FROM (SELECT ${list} FROM read_parquet('${path}')) t`,
  )
  return JSON.stringify(reader.getRows())
}

it.each([
  ['the last columns', ['a name "with" quotes', 'price']],
  ['the first column', ['id']],
  ['a nested column between others', ['nested']],
  ['columns here and there', ['id', 'text', 'price']],
  ['no column', []],
])('%s go, and what stays is as it was', async (what, taken) => {
  for (const rows of [1, 100, LONG_AND_MANY_ROW_GROUPS]) {
    const file = await written(`${what} of ${rows}`, rows)
    const stays = NAMES.filter((name) => !taken.includes(name))
    const before = await textOf(file.localPath, stays)
    const cut = await cutFile(file, new Set(taken))
    expect(cut.numRows).toBe(rows)
    expect(cut.size).toBe((await stat(cut.localPath)).size)
    if (taken.length > 0) expect(cut.size).toBeLessThan(file.size)
    expect(await textOf(cut.localPath, stays)).toBe(before)
    const described = await connection.runAndReadAll(`DESCRIBE FROM read_parquet('${cut.localPath}')`)
    expect(described.getRows().map(([name]) => name)).toEqual(stays)
    // Our own reader checks sizes and places against the footer.
    const parquet = await openParquet(bytesSource('cut', await readFile(cut.localPath)))
    let seen = 0
    for await (const batch of parquet.read()) seen += batch.numRows
    expect([seen, parquet.schema.fields.map(({ name }) => name)]).toEqual([rows, stays])
  }
})
