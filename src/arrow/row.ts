import type { JsonValue } from '../schema/data-type.js'

/**
 * One value of a row, without loss:
 *
 * - long: `bigint`; byte, short, integer, float, double: `number`; decimal: `string` with exactly the digits of its scale
 * - boolean: `boolean`; string: `string`; binary: `Uint8Array`
 * - date: `'YYYY-MM-DD'`; timestamp: `Date`, or `MicrosecondDate` where it has microseconds; timestamp_ntz: `'2026-01-01T09:30:00.000000'`
 * - struct: an object; array: an array; map: a `Map`; variant: plain JSON; null: `null`
 */
export type RowValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly RowValue[]
  | ReadonlyMap<RowValue, RowValue>
  | JsonValue
  | { readonly [field: string]: RowValue }

/** One row as a plain object, by logical column name. */
export interface Row {
  readonly [column: string]: RowValue
}
