import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { QueryOptions } from '../../query-engine.js'
import type { RowChange, RowChangeRequest } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import { changeRelations } from './change-relations.js'
import { DuckDbRowChange } from './duckdb-row-change.js'
import { EarlyRows } from './early-rows.js'
import { leadingKey } from './leading-key.js'

/** See {@link QueryEngine.changeRows}. */
export async function openRowChange(
  engine: EngineContext,
  request: RowChangeRequest,
  options: QueryOptions,
): Promise<RowChange> {
  const names = changeRelations(request.change)
  const directory = join(engine.workDirectory, `change-${randomUUID()}`)
  await mkdir(directory)
  // Both need the source alone, and begin while others find out which files of the table matter.
  const early = EarlyRows.start({ engine, request, names, directory }, options.signal)
  // It only makes the join faster; what is wrong with the source the join says too.
  const leading = leadingKey(engine, request, names, options).catch(() => undefined)
  return new DuckDbRowChange({ engine, request, names, directory, early, leading, options })
}
