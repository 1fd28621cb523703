import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataRequest } from '../benchmark.js'
import { cached } from './cached.js'
import { duckdbRun } from './duckdb-run.js'

/** The version of the checkpoint, and of the table. */
export const MANY_FILES_VERSION = 10

/**
 * The log of a table of a million files (a thousand if quick) in one classic checkpoint: 1,000 days as partitions,
 * statistics as JSON text on two columns, `id` rising with the file. There are no data files.
 */
export function manyFilesTable({ cache, quick }: DataRequest): Promise<string> {
  return cached(cache, 'many-files', async (path) => {
    const files = quick ? 1_000 : 1_000_000
    const log = join(path, '_delta_log')
    await mkdir(log, { recursive: true })
    const checkpoint = join(log, `${version(MANY_FILES_VERSION)}.checkpoint.parquet`)
    await duckdbRun(`COPY (${checkpointRows(files)}) TO '${checkpoint}' (FORMAT parquet, COMPRESSION snappy)`)
    await writeFile(join(log, '_last_checkpoint'), JSON.stringify({ version: MANY_FILES_VERSION, size: files + 2 }))
    const info = { commitInfo: { timestamp: 1_700_000_000_000, operation: 'WRITE', operationParameters: {} } }
    await writeFile(join(log, `${version(MANY_FILES_VERSION)}.json`), `${JSON.stringify(info)}\n`)
  })
}

/** The JSON text of a commit that adds one file to the table of {@link manyFilesTable}. */
export function commitOfOneFile(name: string): string {
  const info = {
    timestamp: Date.now(),
    operation: 'WRITE',
    operationParameters: { mode: 'Append' },
    isBlindAppend: true,
  }
  const add = {
    path: `day=2024-01-01/${name}.parquet`,
    partitionValues: { day: '2024-01-01' },
    size: 1000,
    modificationTime: Date.now(),
    dataChange: true,
    stats: '{"numRecords":1,"minValues":{"id":1},"maxValues":{"id":1},"nullCount":{"id":0}}',
  }
  return `${JSON.stringify({ commitInfo: info })}\n${JSON.stringify({ add })}\n`
}

/** The name of a version in the log, without its extension. */
export function version(number: number): string {
  return String(number).padStart(20, '0')
}

const schemaString = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'id', type: 'long', nullable: true, metadata: {} },
    { name: 'name', type: 'string', nullable: true, metadata: {} },
    { name: 'day', type: 'date', nullable: true, metadata: {} },
  ],
})

function checkpointRows(files: number): string {
  const none = {
    txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
    add: `STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR))`,
    remove: 'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN)',
    metaData: `STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)`,
    protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER)',
  }
  const row = (values: Partial<typeof none>): string =>
    Object.entries(none)
      .map(([name, type]) => `${values[name as keyof typeof none] ?? 'NULL'}::${type} AS "${name}"`)
      .join(', ')
  const metaData = `{'id': 'f7c2a3f0-0000-4000-8000-000000000001', 'name': NULL, 'description': NULL, 'format': {'provider': 'parquet', 'options': MAP {}}, 'schemaString': '${schemaString}', 'partitionColumns': ['day'], 'configuration': MAP {}, 'createdTime': 1700000000000}`
  const day = `strftime(DATE '2022-01-01' + (i * 1000 // ${files})::INTEGER, '%Y-%m-%d')`
  const uuid = `regexp_replace(md5(i::VARCHAR), '(.{8})(.{4})(.{4})(.{4})(.{12})', '\\1-\\2-\\3-\\4-\\5')`
  const stats = `format('{{"numRecords":1000,"minValues":{{"id":{},"name":"a{}"}},"maxValues":{{"id":{},"name":"z{}"}},"nullCount":{{"id":0,"name":0}}}}', i * 1000, i, i * 1000 + 999, i)`
  const add = `{'path': 'day=' || ${day} || '/part-00000-' || ${uuid} || '.c000.snappy.parquet', 'partitionValues': MAP {'day': ${day}}, 'size': 100000 + i % 1000, 'modificationTime': 1700000000000 + i, 'dataChange': false, 'stats': ${stats}, 'tags': NULL}`
  return [
    `SELECT ${row({ protocol: "{'minReaderVersion': 1, 'minWriterVersion': 2}" })}`,
    `SELECT ${row({ metaData })}`,
    `SELECT ${row({ add })} FROM range(${files}) files(i)`,
  ].join(' UNION ALL ')
}
