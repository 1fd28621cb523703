import type { EngineOptions, QueryEngine } from './query-engine.js'

/** Opens the SQL engine. DuckDB is loaded here, at the first use, and not before. Close it to free its memory and its temporary files. */
export async function openEngine(options: EngineOptions = {}): Promise<QueryEngine> {
  const { DuckDbEngine } = await import('./duckdb/duckdb-engine.js')
  return DuckDbEngine.open(options)
}
