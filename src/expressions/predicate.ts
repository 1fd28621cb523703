/** The path of a column: one name for a top-level column, more for a field of a struct. */
export type ColumnPath = readonly string[]

/**
 * A constant as the caller wrote it. It gets a type when the predicate is bound to a schema: a string compared with
 * a date column is read as a date, a number compared with a long column becomes a bigint.
 */
export type Literal = null | boolean | number | bigint | string | Uint8Array | Date

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'nullSafeEq'

/**
 * A condition over the rows of one table, evaluated in three-valued logic. `opaque` stands for SQL that has no form
 * here: pruning treats it as unknown and only the SQL engine can evaluate it.
 */
export type Predicate =
  | { readonly op: Comparison; readonly column: ColumnPath; readonly value: Literal }
  | { readonly op: 'in'; readonly column: ColumnPath; readonly values: readonly Literal[] }
  | { readonly op: 'isNull' | 'isNotNull'; readonly column: ColumnPath }
  | { readonly op: 'startsWith'; readonly column: ColumnPath; readonly prefix: string }
  | { readonly op: 'and' | 'or'; readonly children: readonly Predicate[] }
  | { readonly op: 'not'; readonly child: Predicate }
  | { readonly op: 'constant'; readonly value: boolean | null }
  | { readonly op: 'opaque'; readonly sql: string }
