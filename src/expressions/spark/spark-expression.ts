import type { DataType } from '../../schema/data-type.js'

/** Operators with operands in order; `in` and `coalesce`-like ones take any number. */
export type SparkOperator =
  | 'and'
  | 'or'
  | 'not'
  | '='
  | '<=>'
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | 'div'
  | 'negate'
  | '||'
  | 'isNull'
  | 'isTrue'
  | 'isFalse'
  | 'between'
  | 'in'
  | 'like'

/** An expression of Spark SQL as its text has it: names are not resolved and types not known. */
export type SparkExpression =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** Digits as written, with a sign, and the suffix in capitals: `L`, `S`, `Y`, `D`, `F`, `BD` or none. */
  | { readonly kind: 'number'; readonly digits: string; readonly suffix: string }
  /** `DATE '2026-01-01'`, `TIMESTAMP '...'`. */
  | { readonly kind: 'instant'; readonly type: 'date' | 'timestamp' | 'timestamp_ntz'; readonly text: string }
  | { readonly kind: 'column'; readonly path: readonly [string, ...string[]] }
  | { readonly kind: 'field'; readonly of: SparkExpression; readonly name: string }
  | { readonly kind: 'element'; readonly of: SparkExpression; readonly at: SparkExpression }
  | { readonly kind: 'operation'; readonly operator: SparkOperator; readonly operands: readonly SparkExpression[] }
  /** The name in small letters. */
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly SparkExpression[] }
  | {
      readonly kind: 'case'
      readonly branches: readonly (readonly [when: SparkExpression, then: SparkExpression])[]
      readonly otherwise: SparkExpression
    }
  | { readonly kind: 'cast'; readonly of: SparkExpression; readonly to: DataType }
