import type { RowChangeRequest } from '../../row-change.js'
import { rowTrackingOf } from '../table/source-table.js'
import { keepUpdate } from './keep-update.js'
import { placeUpdate } from './place-update.js'
import type { UpdatedRows, UpdateParts } from './updated-rows.js'

/** Whether a change is an update of which nothing more needs to be known than which rows it changes, what they were and what they become. */
export function mayUpdateAtOnce({ snapshot, change, rules, dryRun }: RowChangeRequest): boolean {
  const [clause, ...others] = change.clauses
  const isUpdate = change.source === undefined && clause?.action === 'update' && others.length === 0
  const isWatched = rules !== undefined || rowTrackingOf(snapshot) !== undefined
  return isUpdate && change.repeatable && !isWatched && dryRun !== true
}

/**
 * Finds the rows of an update and writes what they become in one pass over the table: each new row has the place of the old one with it.
 *
 * @throws SchemaMismatch for a value that does not fit its column
 */
export function updateAtOnce(parts: UpdateParts): Promise<UpdatedRows> {
  return parts.request.changeFeed ? keepUpdate(parts) : placeUpdate(parts)
}
