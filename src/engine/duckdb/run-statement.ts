import type { DuckDBConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { abortedError, throwIfAborted } from '../../runtime/aborted.js'
import { type ErrorContext, fromDuckDb } from './duckdb-error.js'

/** Runs one statement and returns its rows by column name. Values are DuckDB's own. */
export async function runStatement(
  connection: DuckDBConnection,
  sql: string,
  context: ErrorContext,
  options: { readonly values?: readonly DuckDBValue[]; readonly signal?: AbortSignal | undefined } = {},
): Promise<Record<string, DuckDBValue>[]> {
  return interruptible(connection, options.signal, context, async () => {
    const reader = await connection.runAndReadAll(sql, options.values === undefined ? undefined : [...options.values])
    return reader.getRowObjects()
  })
}

/** Starts one statement whose rows are fetched as they are asked for. */
export async function streamStatement(
  connection: DuckDBConnection,
  sql: string,
  context: ErrorContext,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<DuckDBResult> {
  return interruptible(connection, options.signal, context, () => connection.stream(sql))
}

/** Awaits work of a connection, interrupting it when the signal fires. Errors come back as DeltaError. */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  context: ErrorContext,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal, 'The query')
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    connection.interrupt()
    // An interrupt between two steps of a statement is forgotten, so it is repeated until the work ends.
    timer ??= setInterval(() => connection.interrupt(), 20)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal, 'The query')
    throw fromDuckDb(error, context)
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
