import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { QueryOptions } from '../../query-engine.js'
import type { RowRelations, SourceRows } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { EngineContext } from '../engine-context.js'
import { stageSource } from '../stage-source.js'
import { tableSelect } from '../table/create-view.js'
import { copyRows, readSource, sourceColumns } from './spool-query.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The rows cannot be applied' }

/** See {@link QueryEngine.deriveRows}. */
export async function deriveRows(
  engine: EngineContext,
  sql: string,
  { sources, tables = {} }: RowRelations,
  options: QueryOptions,
): Promise<SourceRows> {
  const staged = []
  try {
    for (const [name, plan] of Object.entries(tables)) {
      staged.push({ name, source: await stageSource(engine, plan, plan.schema, options) })
    }
    const folders = Object.values(sources).flatMap(({ paths }) => paths.map((path) => dirname(path)))
    const lease = await engine.instances.connect([
      ...staged.flatMap(({ source }) => [...source.directories]),
      ...folders,
      await realpath(engine.workDirectory),
    ])
    try {
      const relations = Object.entries(sources).map(([name, source]) => {
        return `${quoteIdentifier(name)} AS NOT MATERIALIZED (SELECT ${sourceColumns(source).join(', ')} FROM ${readSource(source)})`
      })
      for (const { name, source } of staged) {
        const select = await tableSelect(lease.connection, name, source.table)
        relations.push(`${quoteIdentifier(name)} AS NOT MATERIALIZED (${select})`)
      }
      const text = `WITH ${relations.join(',\n')}\nSELECT * FROM (${sql}\n)`
      return await copyRows(engine, lease.connection, text, options.signal, CONTEXT)
    } finally {
      lease.release()
    }
  } finally {
    for (const { source } of staged) source.release()
  }
}
