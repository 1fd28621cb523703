import type { StructType } from '../../../schema/data-type.js'

/** What an expression may use. */
export interface TranslationScope {
  /** The columns that it may name. */
  readonly schema: StructType
  /** When the write began, in microseconds since the epoch: what `current_timestamp()` is for each row. */
  readonly now: bigint
  /** Whether each row may get another value, as `uuid()` does. */
  readonly isVolatileAllowed: boolean
}
