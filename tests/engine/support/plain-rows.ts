import type { QueryResult } from '../../../src/engine/query-engine.js'

/** The rows of a result as plain objects. */
export async function plainRows(result: QueryResult): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for await (const batch of result.batches()) for (const row of batch) rows.push({ ...row.toJSON() })
  return rows
}
