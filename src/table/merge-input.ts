import { isSqlExpression, type SqlExpression } from '../expressions/sql-expression.js'
import type { MergeOptions as MergeRowsOptions } from '../operations/operation/merge/merge-rows.js'
import type { MergeSource } from '../operations/operation/merge/merge-source.js'
import type { RowsInput } from '../operations/operation/rows-input.js'
import type { StructType } from '../schema/data-type.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { requireHandle } from './require-handle.js'

/** A handle of a table, of whatever rows. */
interface AnyTable {
  readonly url: string
  readonly version: number
  readonly schema: StructType
}

/** What is merged in: rows, Arrow data, `files(...)`, another table at the version that its handle holds, or the answer of a query, `sql('SELECT ...')`. */
export type MergeInput = RowsInput | AnyTable | SqlExpression

export interface MergeOptions extends MergeRowsOptions {
  /** The tables of a source that is a query, by the names that it gives them. */
  readonly tables?: { readonly [name: string]: AnyTable } | undefined
}

/** @param snapshotOf the version that a handle holds, undefined for what is no handle */
export function mergeSource(
  input: MergeInput,
  { tables = {} }: MergeOptions,
  snapshotOf: (table: object) => Snapshot | undefined,
): MergeSource {
  if (isSqlExpression(input)) {
    const named = Object.entries(tables).map(([name, table]) => [name, requireHandle(table, name, snapshotOf)] as const)
    return { source: 'query', query: input, tables: Object.fromEntries(named) }
  }
  const snapshot = typeof input === 'object' && input !== null ? snapshotOf(input) : undefined
  return snapshot === undefined ? (input as RowsInput) : { source: 'table', snapshot }
}
