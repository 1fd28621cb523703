import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { SourceRows } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { EngineContext } from '../engine-context.js'
import type { Lease } from '../instance-pool.js'
import { columnsOf } from '../load/load-source.js'
import { isVirtualColumn } from '../virtual-columns.js'
import type { ChangeRelations } from './change-relations.js'
import { readSource, sourceColumns } from './spool-query.js'

/** What errors of DuckDB mean while a source is read. */
export const SOURCE_CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The source cannot be read' }

/** A connection that knows the source of a change, and can write for it. */
export async function connectSource(engine: EngineContext, source: SourceRows, names: ChangeRelations): Promise<Lease> {
  const lease = await engine.instances.connect(await changeDirectories(engine, source))
  try {
    await createSource(lease, source, names)
    return lease
  } catch (error) {
    lease.release()
    throw error
  }
}

/** The folders that a change needs beside those of the table: of its source, and its own. */
export async function changeDirectories(engine: EngineContext, source: SourceRows | undefined): Promise<string[]> {
  return [...(source?.paths ?? []).map((path) => dirname(path)), await realpath(engine.workDirectory)]
}

export async function createSource({ connection }: Lease, source: SourceRows, names: ChangeRelations): Promise<void> {
  const { columns, from } = source.schema.fields.some(({ name }) => isVirtualColumn(name))
    ? await renamed(connection, source)
    : { columns: sourceColumns(source), from: readSource(source) }
  const position = `((CAST(file_index AS BIGINT) << 40) + file_row_number) AS ${names.sourceRow}`
  await connection.run(`CREATE TEMP VIEW ${names.source} AS SELECT ${[...columns, position].join(', ')} FROM ${from}`)
}

/** A source whose columns would hide those that tell where a row is from, under other names. */
async function renamed(
  connection: DuckDBConnection,
  source: SourceRows,
): Promise<{ readonly columns: readonly string[]; readonly from: string }> {
  const reader = readSource(source)
  const stored = await columnsOf(connection, reader, SOURCE_CONTEXT)
  const renames = new Map(stored.map(({ name }, i) => [name, `c${i}`]))
  return {
    columns: sourceColumns(source, (name) => renames.get(name) ?? name),
    from: `${reader} AS stored(${[...renames.values()].join(', ')})`,
  }
}
