import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { ParsedRowChange } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import { runStatement } from '../run-statement.js'
import type { ChangeRelations } from './change-relations.js'
import { shownKey } from './shown-key.js'

/** Whether rows of the table may be found several times: where they can only be deleted. */
export function mayMatchTwice({ source, clauses }: ParsedRowChange): boolean {
  const [only, ...others] = clauses.filter(({ rows }) => rows === 'matched')
  return source !== undefined && others.length === 0 && only?.action === 'delete' && only.condition === undefined
}

/**
 * Refuses a change in which rows of the table were found several times: several rows of the source that would change one row of the table leave it open what becomes of it.
 * @throws ConstraintViolated, showing the key
 */
export async function refuseDuplicates(
  connection: DuckDBConnection,
  change: ParsedRowChange,
  names: ChangeRelations,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { found, foundFile, foundRow, foundSource, clause } = names
  const twice = `SELECT min(${foundSource}) AS first FROM ${found} WHERE ${clause} IS NOT NULL AND ${foundSource} IS NOT NULL GROUP BY ${foundFile}, ${foundRow} HAVING count(*) > 1`
  const [count] = await runStatement(connection, `SELECT count(*) AS n, min(first) AS first FROM (${twice})`, context, {
    signal,
  })
  const rows = Number(count?.n ?? 0)
  const columns =
    change.keys.length > 0
      ? change.keys.map(({ source }) => source)
      : (change.source?.schema.fields ?? []).slice(0, 5).map(({ name }) => name)
  const [row] = await runStatement(
    connection,
    `SELECT ${shownKey(columns)} AS key FROM ${names.source} WHERE ${names.sourceRow} = ${String(count?.first)}`,
    context,
    { signal },
  )
  throw new DeltaError(
    'ConstraintViolated',
    `Several rows of the source match the same row of the table: ${String(row?.key)}${rows > 1 ? `, and so for ${rows - 1} more rows` : ''}. Which of them counts is not defined. Leave one a key, or name a column with onDuplicateSource: { latestBy: '...' }.`,
    { details: { key: String(row?.key), rows } },
  )
}
