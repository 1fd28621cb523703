import type { StructType } from '../../../schema/data-type.js'

/** What the two sides of a merge are called in its SQL, and their columns. */
export interface MergeNames {
  readonly target: string
  readonly source: string
  readonly targetSchema: StructType
  readonly sourceSchema: StructType
}
