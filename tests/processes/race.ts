import { DeltaTable, integer, long, type StructColumn, struct } from '../../src/index.js'
import type { StorageOptions } from '../../src/storage/storage-options.js'
import { audit } from './audit.js'
import { Child } from './child.js'
import type { Report } from './job.js'

/** Who writes to a table at the same time. */
export interface Race {
  readonly url: string
  readonly storage: StorageOptions
  /** How the table is looked at afterwards, every version of it. Default: as the writers reach it. */
  readonly auditStorage?: StorageOptions
  readonly appenders: number
  readonly appends: number
  readonly deleters: number
  readonly deletes: number
  /** False: deletes rewrite files. Default true: they write deletion vectors. */
  readonly deletionVectors?: boolean
  /** Somebody else who writes to the table meanwhile; ids from 900,000,000 on are theirs. */
  readonly beside?: (url: string) => Promise<readonly Report[]>
}

export const Row: StructColumn<{ id: bigint; writer: number | null }> = struct({
  id: long().notNull(),
  writer: integer(),
})

/** The rows that deleters delete lie in files of so many. */
const ROWS_OF_A_FILE = 25

/**
 * Runs processes of their own that append to one table and delete from it, all at once.
 *
 * @returns the violations, and how many operations were acknowledged
 */
export async function race(
  program: string,
  { url, storage, auditStorage = storage, appenders, appends, deleters, deletes, deletionVectors = true, beside }: Race,
): Promise<{ readonly violations: readonly string[]; readonly acknowledged: number }> {
  const table = await DeltaTable.create(url, {
    schema: Row,
    storage,
    ...(deletionVectors && { properties: { 'delta.enableDeletionVectors': 'true' } }),
  })
  const seeded = Array.from({ length: deleters * deletes }, (_, i) => i)
  for (let first = 0; first < seeded.length; first += ROWS_OF_A_FILE) {
    const rows = seeded.slice(first, first + ROWS_OF_A_FILE)
    await table.append(rows.map((id) => ({ id: BigInt(id), writer: 0 })))
  }
  const children = [
    ...Array.from({ length: appenders }, (_, i) => {
      return new Child(program, { url, storage, writer: i + 1, verb: 'append', count: appends })
    }),
    ...Array.from({ length: deleters }, (_, i) => {
      return new Child(program, { url, storage, writer: 500 + i, verb: 'delete', count: deletes, firstId: i * deletes })
    }),
  ]
  const theirs = await beside?.(url)
  const violations: string[] = []
  for (const child of children) {
    if ((await child.ended) !== 0) violations.push(`a writer failed: ${child.errors}`)
  }
  const reports = [...children.flatMap((child) => child.reports), ...(theirs ?? [])]
  const seen = await DeltaTable.open(url, { schema: Row, storage: auditStorage })
  violations.push(...(await audit(seen as never, auditStorage, reports, seeded)))
  return { violations, acknowledged: reports.filter(({ outcome }) => outcome === 'done').length }
}
