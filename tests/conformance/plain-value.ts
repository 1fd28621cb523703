/**
 * A value without its container: what both DuckDB's and Arrow's values are turned into before they are compared.
 * Integers, days and microseconds are numbers or bigints; struct fields keep their names; maps keep their entries.
 */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly unscaled: bigint; readonly scale: number }
  | { readonly fields: ReadonlyMap<string, PlainValue> }
  | { readonly entries: readonly (readonly [PlainValue, PlainValue])[] }

/** Rows as they were read: one value a column, in the order of `columns`. */
export interface PlainRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly PlainValue[])[]
}
