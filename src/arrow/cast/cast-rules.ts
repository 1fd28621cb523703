import type { Field } from 'apache-arrow'
import type { StructField } from '../../schema/data-type.js'
import type { Column } from '../column.js'

/** What a cast may do, and what it does with what does not fit. One set for what callers hand in, one for what files hold. */
export interface CastRules {
  /**
   * The positions, among `fields`, of the columns that go into `targets`; undefined where one is missing. May refuse columns that no target takes.
   * @param path of the struct, empty for the batch itself
   */
  match(
    fields: readonly Field[],
    targets: readonly StructField[],
    path: readonly string[],
  ): readonly (number | undefined)[]
  /** Stands in for a missing column. */
  missing(target: StructField, length: number, path: readonly string[]): Column
  /** Throws: a column, or a value of it, does not fit. `row` is given where it is a row of the batch. */
  misfit(path: readonly string[], expected: string, got: string, row?: number): never
  /** Whether nulls in columns that are not nullable are refused. */
  readonly checkNulls: boolean
  /** Whether types are taken that mean something else but have the same bytes: text as binary and the reverse, instants as timestamps without a zone; and whether nanoseconds are cut off. */
  readonly lenient: boolean
  /** Set where dates, or timestamps, before 1582-10-15 are in the Julian calendar; `zone` where days were told in another zone than UTC. */
  readonly calendar?:
    | { readonly dates: boolean; readonly timestamps: boolean; readonly zone: string | undefined }
    | undefined
}
