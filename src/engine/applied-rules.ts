import type { RowRules } from '../protocol/rules/row-rules.js'

/** The rules that rows of files must fulfil, or that compute something into them. */
export interface AppliedRules {
  readonly rules: RowRules
  /** When the write began, in milliseconds since the epoch. */
  readonly now: number
  /** Told of the value that an identity column was given last. */
  give(column: string, value: bigint): void
}
