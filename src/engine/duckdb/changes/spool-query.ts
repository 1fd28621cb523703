import { randomUUID } from 'node:crypto'
import { realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { StructType } from '../../../schema/data-type.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { FileFormat, QueryOptions } from '../../query-engine.js'
import type { SourceRows } from '../../row-change.js'
import { deltaType } from '../delta-type.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { EngineContext } from '../engine-context.js'
import { inferSchema } from '../load/infer-schema.js'
import { inputPath } from '../load/input-path.js'
import { loadFiles } from '../load/load-files.js'
import { columnsOf, LOAD_CONTEXT } from '../load/load-source.js'
import { localSchemas } from '../local-schema.js'
import { planQuery } from '../planner/plan-query.js'
import { readQuery } from '../planner/read-query.js'
import { quotePath } from '../quote-path.js'
import { placeTables, resolveCall } from '../run-query.js'
import { runStatement } from '../run-statement.js'
import { stageTables } from '../stage-tables.js'
import { guardFloats } from '../table/guard-floats.js'
import { typeSql } from '../type-sql.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidQuery', what: 'The query of the source failed' }

/** See {@link QueryEngine.spoolQuery}. */
export async function spoolQuery(
  engine: EngineContext,
  text: string,
  tables: { readonly [name: string]: Snapshot },
  options: QueryOptions,
): Promise<SourceRows> {
  const given = new Map(Object.entries(tables).map(([name, snapshot]) => [name, snapshot.schema]))
  const query = await readQuery(engine.planner, text, given, CONTEXT)
  const snapshots = new Map(query.tables.map((name) => [name, tables[name] as Snapshot]))
  for (const call of query.deltaScans) snapshots.set(call.tableName, await resolveCall(call, options))
  const schemas = new Map([...snapshots].map(([name, snapshot]) => [name, snapshot.schema]))
  // Checked here; everything is fetched, for a source is read once.
  await planQuery(engine.planner, query.sql, schemas, CONTEXT)
  const staged = await stageTables(engine, snapshots, new Map(), options)
  try {
    const lease = await engine.instances.connect([...staged.directories, await realpath(engine.workDirectory)])
    try {
      const sql = await placeTables(lease.connection, query, staged.tables)
      return await copyRows(engine, lease.connection, sql, options.signal)
    } finally {
      lease.release()
    }
  } finally {
    staged.release()
  }
}

/** See {@link QueryEngine.spoolFiles}. Parquet files are read where they are. */
export async function spoolFiles(
  engine: EngineContext,
  files: readonly string[],
  format: FileFormat,
  options: QueryOptions,
): Promise<SourceRows> {
  const schema = await inferSchema(engine, files, format, options)
  if (format === 'parquet') {
    const paths = await Promise.all(files.map(inputPath))
    let numRows = 0
    for await (const { schema: stored } of localSchemas(paths, LOAD_CONTEXT)) numRows += stored.numRows
    return { schema, paths, numRows, release: async () => undefined }
  }
  const target = { schema, partitionColumns: [], configuration: {} }
  const loaded = await loadFiles(engine, files, format, target, options)
  const paths = loaded.map(({ localPath }) => localPath)
  const numRows = loaded.reduce((sum, file) => sum + file.numRows, 0)
  if (paths.length === 0) return emptyRows(engine, schema)
  const release = async (): Promise<void> => {
    for (const path of paths) await rm(path, { force: true })
  }
  return { schema, paths, numRows, release }
}

/** The columns of a source, as its table function delivers them. @param delivered under which name; its own, by default */
export function sourceColumns(
  { schema }: Pick<SourceRows, 'schema'>,
  delivered: (name: string) => string = (name) => name,
): string[] {
  return schema.fields.map(({ name, dataType }) => {
    return `${guardFloats(quoteIdentifier(delivered(name)), dataType)} AS ${quoteIdentifier(name)}`
  })
}

/** The table function that reads a source. */
export function readSource({ paths }: Pick<SourceRows, 'paths'>): string {
  return `read_parquet([${paths.map(quotePath).join(', ')}], hive_partitioning = false, union_by_name = ${paths.length > 1})`
}

async function emptyRows(engine: EngineContext, schema: StructType): Promise<SourceRows> {
  const columns = schema.fields.map(
    ({ name, dataType }) => `CAST(NULL AS ${typeSql(dataType)}) AS ${quoteIdentifier(name)}`,
  )
  const lease = await engine.instances.connect([await realpath(engine.workDirectory)])
  try {
    return await copyRows(engine, lease.connection, `SELECT ${columns.join(', ')} WHERE FALSE`, undefined)
  } finally {
    lease.release()
  }
}

/** Writes the rows of a SELECT to a file, in types that Delta has: Parquet files of DuckDB have none for some of its own. */
export async function copyRows(
  engine: EngineContext,
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal | undefined,
  context: ErrorContext = CONTEXT,
): Promise<SourceRows> {
  const path = join(await realpath(engine.workDirectory), `source-${randomUUID()}.parquet`)
  const fields = (await columnsOf(connection, `(${sql}\n)`, context)).map(({ name, type }) => {
    return { name, dataType: deltaType(type), nullable: true, metadata: {} }
  })
  const columns = fields.map(({ name, dataType }) => {
    return `CAST(${quoteIdentifier(name)} AS ${typeSql(dataType)}) AS ${quoteIdentifier(name)}`
  })
  const copy = `COPY (SELECT ${columns.join(', ')} FROM (${sql}\n)) TO ${quoteText(path)} (FORMAT parquet, ROW_GROUP_SIZE ${engine.rowGroupRows})`
  try {
    const [row] = await runStatement(connection, copy, context, { signal })
    const release = (): Promise<void> => rm(path, { force: true })
    return { schema: { type: 'struct', fields }, paths: [path], numRows: Number(row?.Count ?? 0), release }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}
