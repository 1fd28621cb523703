import { DeltaError } from '../../../errors/delta-error.js'
import { quoteText } from '../../../expressions/sql-quote.js'
import type { DataType, PrimitiveName } from '../../../schema/data-type.js'
import { typeText } from '../../../schema/type-text.js'
import { typeSql } from '../type-sql.js'

/** A part of an expression in DuckDB's SQL, with the type that Spark gives it. Null without a type is `void`. */
export interface TypedSql {
  readonly sql: string
  readonly type: DataType
  /** What it is, where it is a constant that was written out: Spark brings those into the type that they are compared with. */
  readonly literal?: { readonly number: string } | { readonly text: string }
}

export function typed(sql: string, type: PrimitiveName): TypedSql {
  return { sql, type: { type } }
}

/** A value that cannot be computed: the statement fails with the reason, but only for rows that get there. */
export function failing(reason: string, type: DataType): string {
  // error() would do, but TRY does not take it.
  return `CAST(CAST(CAST(${quoteText(`lakewright: ${reason}`)} AS INTEGER) AS VARCHAR) AS ${typeSql(type)})`
}

/** UnsupportedFeature: an expression that might mean something else here than in Spark. `what` begins the sentence. */
export function refused(what: string): DeltaError {
  return new DeltaError('UnsupportedFeature', `${what}, which lakewright does not evaluate as Spark does`)
}

export function describeType({ type, literal }: TypedSql): string {
  if (type.type === 'void') return 'NULL'
  return literal !== undefined && 'text' in literal ? 'a text' : typeText(type)
}
