import type { RowClause } from '../../../engine/row-change.js'
import type { ScanCounts } from '../../../scan/scan-plan.js'
import type { DecidedFile } from './decide-files.js'
import { clauseRows } from './row-change-facts.js'
import { countFates, type RowChangeResult } from './row-change-plan.js'

/** What a change would do, once its rows are found. */
interface FoundChange {
  readonly scan: ScanCounts
  readonly clauses: readonly RowClause[]
  readonly counts: readonly number[]
  readonly files: readonly DecidedFile[]
  /** Null where the table has no deletion vectors. */
  readonly rewriteShare: number | null
}

/** The result of a change that is not carried out. */
export function dryResult(
  version: number,
  operation: string,
  { scan, clauses, counts, files, rewriteShare }: FoundChange,
): RowChangeResult {
  const rows = (wanted: string): number => clauseRows({ clauses, counts }, ({ action }) => action === wanted)
  return {
    version,
    operation,
    metrics: {},
    skipped: true,
    plan: {
      scan,
      ...countFates(files),
      rewriteShare,
      rowsDeleted: rows('delete'),
      rowsUpdated: rows('update'),
      rowsInserted: rows('insert'),
    },
  }
}
