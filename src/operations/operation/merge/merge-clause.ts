import type { SetValues } from '../row-change/set-values.js'
import type { Where } from '../where.js'

/** When a clause applies to rows of its kind. Clauses of one kind are tried in order; the first that applies counts. */
interface ConditionalClause {
  /** SQL, in which `target.` and `source.` tell the rows apart, or built with `col('source.kind')`. Default: always. */
  readonly condition?: Where | undefined
}

/** All columns that the source has and the table too, matched by name without regard to case. */
export interface AllColumns {
  readonly all: true
  /** Columns of the table that are left out. */
  readonly except?: readonly string[] | undefined
}

/** Rows of the table that match a row of the source. */
type MatchedClause = ConditionalClause &
  (
    | { readonly rows: 'matched'; readonly action: 'delete' }
    | { readonly rows: 'matched'; readonly action: 'update'; readonly set: SetValues | AllColumns }
  )

/** Rows of the source that match no row of the table. */
type NotMatchedClause = ConditionalClause & {
  readonly rows: 'notMatched'
  readonly action: 'insert'
  readonly values: SetValues | AllColumns
}

/** Rows of the table that match no row of the source. */
type NotMatchedBySourceClause = ConditionalClause &
  (
    | { readonly rows: 'notMatchedBySource'; readonly action: 'delete' }
    | { readonly rows: 'notMatchedBySource'; readonly action: 'update'; readonly set: SetValues }
  )

export type MergeClause = MatchedClause | NotMatchedClause | NotMatchedBySourceClause

export function isAllColumns(values: SetValues | AllColumns): values is AllColumns {
  return 'all' in values && values.all === true && Object.keys(values).every((key) => key === 'all' || key === 'except')
}
