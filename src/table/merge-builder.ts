import type { RowValue } from '../arrow/row.js'
import { DeltaError } from '../errors/delta-error.js'
import type { SqlExpression } from '../expressions/sql-expression.js'
import type { AllColumns, MergeClause } from '../operations/operation/merge/merge-clause.js'
import type { RowChangeResult } from '../operations/operation/row-change/row-change-plan.js'
import type { SetValues } from '../operations/operation/row-change/set-values.js'
import type { Where } from '../operations/operation/where.js'

/** New values by column: values in the forms that rows have, or `sql('...')`. A field of a struct is named with dots: `'address.city'`. */
export type SetOf<R extends object> = { readonly [Column in keyof R]?: R[Column] | SqlExpression } & {
  readonly [field: `${string}.${string}`]: RowValue | SqlExpression
}

/** When a clause applies; always, where it has no condition. */
export interface ClauseCondition {
  /** SQL, in which `target.` and `source.` tell the rows apart, or built with `col('source.kind')`. */
  readonly condition?: Where | undefined
}

export interface AllColumnsOptions extends ClauseCondition {
  /** Columns of the table that are left out. */
  readonly except?: readonly string[] | undefined
}

/** Carries a merge out. */
export type MergeRunner = (clauses: readonly MergeClause[], dryRun: boolean) => Promise<RowChangeResult>

/**
 * A merge in the making: each method answers a new builder with one more clause. Clauses of one kind are tried in order, and the first whose condition is true counts for a
 * row. Nothing is read before `execute` or `explain`.
 */
export class MergeBuilder<R extends object> {
  readonly #clauses: readonly MergeClause[]
  readonly #run: MergeRunner

  constructor(run: MergeRunner, clauses: readonly MergeClause[] = []) {
    this.#run = run
    this.#clauses = clauses
  }

  /** Sets columns of rows that match: `{ set: { price: sql('source.price'), checked: true } }`. */
  whenMatchedUpdate(clause: ClauseCondition & { readonly set: SetOf<R> }): MergeBuilder<R> {
    return this.#with({ rows: 'matched', action: 'update', set: clause.set as SetValues, condition: clause.condition })
  }

  /** Sets all columns that the source has, too, of rows that match. Columns that only the source has are left out, unless `mergeSchema` adds them. */
  whenMatchedUpdateAll(options: AllColumnsOptions = {}): MergeBuilder<R> {
    return this.#with({ rows: 'matched', action: 'update', set: allOf(named(options)), condition: options.condition })
  }

  /** Deletes rows that match. */
  whenMatchedDelete(options: ClauseCondition = {}): MergeBuilder<R> {
    const { condition } = named(options)
    return this.#with({ rows: 'matched', action: 'delete', condition })
  }

  /** Inserts rows of the source that match none of the table: columns that are not named are null. */
  whenNotMatchedInsert(clause: ClauseCondition & { readonly values: SetOf<R> }): MergeBuilder<R> {
    const { values, condition } = clause
    return this.#with({ rows: 'notMatched', action: 'insert', values: values as SetValues, condition })
  }

  /** Inserts rows of the source that match none of the table, with all columns that the source has, too. */
  whenNotMatchedInsertAll(options: AllColumnsOptions = {}): MergeBuilder<R> {
    return this.#with({
      rows: 'notMatched',
      action: 'insert',
      values: allOf(named(options)),
      condition: options.condition,
    })
  }

  /** Sets columns of rows that match no row of the source. */
  whenNotMatchedBySourceUpdate(clause: ClauseCondition & { readonly set: SetOf<R> }): MergeBuilder<R> {
    const { set, condition } = clause
    return this.#with({ rows: 'notMatchedBySource', action: 'update', set: set as SetValues, condition })
  }

  /** Deletes rows that match no row of the source. */
  whenNotMatchedBySourceDelete(options: ClauseCondition = {}): MergeBuilder<R> {
    const { condition } = named(options)
    return this.#with({ rows: 'notMatchedBySource', action: 'delete', condition })
  }

  /** Carries it out in one commit. A source that is a stream can be read once only. */
  execute(): Promise<RowChangeResult> {
    return this.#run(this.#clauses, false)
  }

  /** Finds out what it would do: the result has a `plan`, and nothing is changed. */
  explain(): Promise<RowChangeResult> {
    return this.#run(this.#clauses, true)
  }

  #with(clause: MergeClause): MergeBuilder<R> {
    return new MergeBuilder<R>(this.#run, [...this.#clauses, clause])
  }
}

/** A condition that is given by itself would be overlooked, and the clause apply to all rows. @throws InvalidArgument */
function named<Options extends ClauseCondition>(options: Options): Options {
  if (typeof options === 'object' && options !== null && !('op' in options)) return options
  throw new DeltaError('InvalidArgument', "A clause of a merge takes its condition by name: { condition: '...' }.")
}

function allOf({ except }: AllColumnsOptions): AllColumns {
  return { all: true, ...(except && { except }) }
}
