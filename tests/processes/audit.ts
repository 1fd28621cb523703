import type { DeltaTable } from '../../src/index.js'
import { listLogSegment } from '../../src/log/list-log-segment.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { StorageOptions } from '../../src/storage/storage-options.js'
import type { Report } from './job.js'

/** What became of each row, by what its writers were told. */
interface Expected {
  /** Ids that must be there once. */
  readonly present: ReadonlySet<number>
  /** Ids that must not be there. */
  readonly absent: ReadonlySet<number>
  /** Groups of ids of which all are there, or none. */
  readonly together: readonly (readonly number[])[]
}

/**
 * Holds a table against what its writers were told. An acknowledged operation is there once; one that was not may be there, but then whole.
 *
 * @param seeded ids that were there before
 * @returns the violations, as sentences; none when all is well
 */
export async function audit(
  table: DeltaTable,
  storage: StorageOptions,
  reports: readonly Report[],
  seeded: readonly number[] = [],
): Promise<string[]> {
  await table.refresh()
  const ids = (await table.rows({ columns: ['id'] })).map(({ id }) => Number(id))
  const { present, absent, together } = expected(reports, seeded)
  const found = new Set(ids)
  const wrong: string[] = []
  if (found.size !== ids.length) wrong.push(`${ids.length - found.size} rows are there twice`)
  for (const id of present) if (!found.has(id)) wrong.push(`row ${id} was acknowledged and is lost`)
  for (const id of absent) if (found.has(id)) wrong.push(`row ${id} was deleted, or refused, and is there`)
  for (const group of together) {
    const there = group.filter((id) => found.has(id))
    if (there.length !== 0 && there.length !== group.length) wrong.push(`an append is there in part: ${group}`)
  }
  wrong.push(...(await auditLog(table, storage, reports)))
  return wrong
}

function expected(reports: readonly Report[], seeded: readonly number[]): Expected {
  const present = new Set<number>(seeded)
  const absent = new Set<number>()
  const together: (readonly number[])[] = []
  for (const { verb, ids, outcome } of reports) {
    if (verb !== 'append') continue
    together.push(ids)
    if (outcome === 'done') for (const id of ids) present.add(id)
    if (outcome === 'refused') for (const id of ids) absent.add(id)
  }
  for (const { verb, ids, outcome } of reports) {
    if (verb !== 'delete') continue
    for (const id of ids) {
      present.delete(id)
      if (outcome === 'done') absent.add(id)
    }
  }
  return { present, absent, together }
}

/** The log has every version, and no two operations were told the same one. */
async function auditLog(table: DeltaTable, storage: StorageOptions, reports: readonly Report[]): Promise<string[]> {
  const wrong: string[] = []
  const told = reports.flatMap(({ version }) => (version === undefined ? [] : [version]))
  if (new Set(told).size !== told.length) wrong.push('two operations were told the same version')
  // Throws where a commit is missing.
  const { version } = await listLogSegment(await openTableLocation(table.url, { storage }))
  if (version < Math.max(0, ...told)) wrong.push(`version ${Math.max(...told)} was acknowledged and is lost`)
  return wrong
}
