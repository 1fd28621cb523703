import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { QueryOptions } from '../../query-engine.js'
import type { SourceRows } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { EngineContext } from '../engine-context.js'
import { runStatement } from '../run-statement.js'
import { shownKey } from './shown-key.js'
import { copyRows, readSource } from './spool-query.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The latest rows of the source cannot be told' }

/** See {@link QueryEngine.latestRows}. Rows without a key are all kept. */
export async function latestRows(
  engine: EngineContext,
  source: SourceRows,
  keys: readonly string[],
  by: string,
  { signal }: QueryOptions,
): Promise<SourceRows> {
  const lease = await engine.instances.connect([
    ...source.paths.map((path) => dirname(path)),
    await realpath(engine.workDirectory),
  ])
  try {
    const columns = keys.map(quoteIdentifier)
    const keyless = columns.map((column) => `${column} IS NULL`).join(' OR ')
    const place = `rank() OVER (PARTITION BY ${columns.join(', ')} ORDER BY ${quoteIdentifier(by)} DESC NULLS LAST)`
    const from = readSource(source)
    // Rows that are equal are one.
    const sql = `SELECT DISTINCT * FROM ${from} WHERE NOT (${keyless}) QUALIFY ${place} = 1 UNION ALL SELECT * FROM ${from} WHERE ${keyless}`
    const { schema: _, ...rows } = await copyRows(engine, lease.connection, sql, signal)
    const latest: SourceRows = { ...rows, schema: source.schema }
    await refuseTies(lease.connection, latest, { keys, by }, signal).catch(async (error: unknown) => {
      await latest.release()
      throw error
    })
    return {
      ...latest,
      release: async () => {
        await latest.release()
        await source.release()
      },
    }
  } finally {
    lease.release()
  }
}

async function refuseTies(
  connection: DuckDBConnection,
  rows: SourceRows,
  { keys, by }: { readonly keys: readonly string[]; readonly by: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const columns = keys.map(quoteIdentifier)
  const known = columns.map((column) => `${column} IS NOT NULL`).join(' AND ')
  const twice = `SELECT ${columns.join(', ')} FROM ${readSource(rows)} WHERE ${known} GROUP BY ALL HAVING count(*) > 1`
  const sql = `SELECT ${shownKey(keys)} AS key, count(*) OVER () AS n FROM (${twice}) LIMIT 1`
  const [tie] = await runStatement(connection, sql, CONTEXT, { signal })
  if (tie === undefined) return
  const more = Number(tie.n) > 1 ? `, and so for ${Number(tie.n) - 1} more keys` : ''
  throw new DeltaError(
    'ConstraintViolated',
    `Several rows of the source have the key ${String(tie.key)} and the same value in ${by}${more}: which of them is the latest cannot be told. Leave one of them, or name a column that orders them.`,
    { details: { key: String(tie.key), rows: Number(tie.n) } },
  )
}
