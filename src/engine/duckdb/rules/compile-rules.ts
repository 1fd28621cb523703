import { DeltaError, isDeltaError } from '../../../errors/delta-error.js'
import { parseSparkExpression } from '../../../expressions/spark/parse-spark-expression.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { computedColumns, type RowRules } from '../../../protocol/rules/row-rules.js'
import type { StructField, StructType } from '../../../schema/data-type.js'
import { castTo } from './cast.js'
import { condition } from './operators.js'
import { type Translation, translate } from './translate.js'
import type { TranslationScope } from './translation-scope.js'

/** A check over rows whose computed columns are there. */
export interface CompiledCheck {
  readonly label: string
  readonly name: string
  readonly expression: string
  /** SQL: anything but TRUE breaks the rule. */
  readonly condition: string
  /** Top-level columns that it looks at. */
  readonly columns: ReadonlySet<string>
}

/** A column whose value SQL gives, where the row does not bring one. */
export interface CompiledColumn {
  readonly label: string
  readonly column: string
  readonly sql: string
  /** Top-level columns that it looks at. */
  readonly columns: ReadonlySet<string>
}

/** {@link RowRules} in DuckDB's SQL. */
export interface CompiledRules {
  readonly schema: StructType
  readonly rules: RowRules
  readonly checks: readonly CompiledCheck[]
  readonly defaults: readonly CompiledColumn[]
  readonly generated: readonly CompiledColumn[]
  /** The BOOLEAN column that says of each row whether it brings a value of a computed column, by that column. */
  readonly givenColumns: ReadonlyMap<string, string>
}

/**
 * Translates the rules of a table.
 *
 * @param now when the write began, in microseconds since the epoch
 * @throws UnsupportedFeature where a rule cannot be evaluated as Spark does; UnknownColumn, InvalidArgument: all name the rule
 */
export function compileRules(rules: RowRules, schema: StructType, now: bigint): CompiledRules {
  const scope = { schema, now, isVolatileAllowed: false }
  const generatedNames = new Set(rules.generated.map(({ column }) => column))
  const baseScope = { ...scope, schema: without(schema, generatedNames) }
  const defaultScope = { schema: without(schema, undefined), now, isVolatileAllowed: true }
  const generated = rules.generated.map(({ column, expression }) =>
    compileColumn(`generated column ${column}`, column, expression, schema, baseScope),
  )
  const defaults = rules.defaults.map(({ column, expression }) =>
    compileColumn(`default of column ${column}`, column, expression, schema, defaultScope),
  )
  const checks = rules.checks.map(({ label, name, expression }) => {
    const { sql, columns } = within(label, expression, scope, (translation) => ({
      sql: condition(translation),
      columns: translation.columns,
    }))
    return { label, name, expression, condition: sql, columns }
  })
  return {
    schema,
    rules,
    checks: [...notNull(rules, schema), ...generated.map(agreement), ...checks],
    defaults,
    generated,
    givenColumns: givenColumns(rules, schema),
  }
}

function compileColumn(
  label: string,
  column: string,
  expression: string,
  schema: StructType,
  scope: TranslationScope,
): CompiledColumn {
  const { dataType } = schema.fields.find(({ name }) => name === column) as StructField
  return within(label, expression, scope, (translation) => {
    const { sql } = castTo(translation, dataType)
    return { label, column, sql, columns: translation.columns }
  })
}

/** Errors say which rule is meant. */
function within<T>(
  label: string,
  expression: string,
  scope: TranslationScope,
  use: (translation: Translation) => T,
): T {
  try {
    return use(translate(parseSparkExpression(expression), scope))
  } catch (error) {
    if (!isDeltaError(error)) throw error
    const advice = error.code === 'UnsupportedFeature' ? '. Write to the table with Spark, or change the rule.' : ''
    throw new DeltaError(error.code, `The ${label} is ${shown(expression)}. ${error.message}${advice}`, {
      cause: error,
      details: { ...error.details, rule: label, expression },
    })
  }
}

function shown(expression: string): string {
  return expression.length > 200 ? `${expression.slice(0, 200)}...` : expression
}

/** What a row brings of a generated column must be what comes out (PROTOCOL.md, "Generated Columns"). */
function agreement({ label, column, sql, columns }: CompiledColumn): CompiledCheck {
  const value = quoteIdentifier(column)
  return {
    label,
    name: column,
    expression: `${column} <=> its expression`,
    condition: `(${value} IS NOT DISTINCT FROM ${sql})`,
    columns: new Set([...columns, column]),
  }
}

/** Other columns were looked at before. */
function notNull(rules: RowRules, { fields }: StructType): CompiledCheck[] {
  const computed = computedColumns(rules)
  return fields
    .filter(({ name, nullable }) => !nullable && computed.has(name))
    .map(({ name }) => ({
      label: `NOT NULL of column ${name}`,
      name,
      expression: `${name} IS NOT NULL`,
      condition: `(${quoteIdentifier(name)} IS NOT NULL)`,
      columns: new Set([name]),
    }))
}

function givenColumns(rules: RowRules, { fields }: StructType): ReadonlyMap<string, string> {
  const taken = new Set(fields.map(({ name }) => name.toLowerCase()))
  return new Map(
    [...computedColumns(rules)].map((column, i) => {
      let name = `given ${i}`
      while (taken.has(name)) name = `${name} `
      taken.add(name)
      return [column, name]
    }),
  )
}

/** @param names undefined for all */
function without({ fields }: StructType, names: ReadonlySet<string> | undefined): StructType {
  return { type: 'struct', fields: names === undefined ? [] : fields.filter(({ name }) => !names.has(name)) }
}
