import { DeltaError, type DeltaErrorDetails } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { CompiledCheck } from './compile-rules.js'

/** A row that breaks a rule. */
export interface BrokenRule {
  readonly check: CompiledCheck
  /** The row by column; values are texts, cut off. */
  readonly row: { readonly [column: string]: string | null }
  /** Where it is: `row 17`, `data.csv, line 3`; absent for rows that come from the table. */
  readonly place?: string
  /** How many rows break this rule or another. */
  readonly count: number
  readonly details?: DeltaErrorDetails
}

/** Characters of a value that an error shows. */
export const SHOWN_CHARACTERS = 200

/** What errors of DuckDB mean while rules are evaluated. */
export const RULE_CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The rules of the table cannot be applied' }

/** ConstraintViolated with the rule, the values that it looks at, and how many rows there are. */
export function constraintViolated({ check, row, place, count, details }: BrokenRule): DeltaError {
  const looked = Object.entries(row).filter(([column]) => check.columns.has(column))
  const values = looked.map(([column, value]) => `${column} = ${value === null ? 'NULL' : JSON.stringify(value)}`)
  const shown = values.length === 0 ? '' : ` (${values.join(', ')})`
  const first = place === undefined ? `One of them${shown}` : `The first is ${place}${shown}`
  return new DeltaError(
    'ConstraintViolated',
    `${count === 1 ? '1 row breaks' : `${count} rows break`} the ${check.label}: ${check.expression}. ${first}. Nothing was written. Correct the data, or change the rule.`,
    { details: { ...details, constraint: check.name, expression: check.expression, row, count } },
  )
}

/** InvalidInput where an expression has no value for a row, as for a division by zero; undefined for other errors. */
export function evaluationFailed(error: unknown): DeltaError | undefined {
  const text = errorText(error)
  const reason =
    /'lakewright: ([^']*)'/.exec(text)?.[1] ?? /(?:Conversion|Out of Range) Error: ([^\n]*)/.exec(text)?.[1]
  if (reason === undefined) return undefined
  return new DeltaError(
    'InvalidInput',
    `An expression of the table has no value for a row: ${reason}. Nothing was written. Correct the data, or change the expression.`,
    { cause: error },
  )
}
