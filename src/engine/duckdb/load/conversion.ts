import type { DataType } from '../../../schema/data-type.js'

/** A condition over a source row under which it does not fit the table. */
export interface Check {
  /** SQL; true where the row is bad. */
  readonly condition: string
  /** The column and, below it, fields, `element`, `key`, `value`. */
  readonly path: readonly string[]
  /** `unreadable`: text that is no value of the type at all; `unfit`: a value that the type cannot hold without loss. */
  readonly problem: 'null' | 'unreadable' | 'unfit'
  readonly expected: DataType
  /** The offending value of the row, as SQL. */
  readonly subject: string
}

/** How a column of a source becomes a column of the table. */
export interface Conversion {
  /** SQL; what it yields has a meaning only for rows that no check finds bad. */
  readonly value: string
  readonly checks: readonly Check[]
}

/** A value that needs no check. */
export function plain(value: string): Conversion {
  return { value, checks: [] }
}
