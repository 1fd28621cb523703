import type { DuckDBConnection } from '@duckdb/node-api'
import { type Observer, tell } from '../../runtime/observer.js'

const INTERVAL_MS = 200

/** Tells an observer how far the statements of a connection are, until the function returned is called. */
export async function watchProgress(
  connection: DuckDBConnection,
  operation: string,
  observer: Observer | undefined,
): Promise<() => void> {
  if (observer === undefined) return () => undefined
  await connection.run('SET enable_progress_bar_print = false')
  await connection.run('SET enable_progress_bar = true')
  const timer = setInterval(() => {
    const { percentage, rows_processed } = connection.progress
    if (percentage < 0) return
    tell(observer, { type: 'progress', operation, fraction: percentage / 100, rows: Number(rows_processed) })
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
