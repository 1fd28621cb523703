import type { WriteTarget } from '../../../data-files/write-target.js'
import { isDeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructField } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import type { Conversion } from './conversion.js'
import { convert } from './convert.js'
import type { LoadSource, SourceColumn } from './load-source.js'
import { matchFields } from './match-fields.js'

/** The rows of a source without what does not fit, and how much that is. */
export interface DiscardingSelect {
  readonly rows: string
  /** Delivers one row: `rows` that are left out, and `discarded`, the values that are left out of others. */
  readonly counts: string
}

export interface DiscardingSelectOptions {
  /** What is left out: the row, or the value alone, which becomes null; a value that may not be null takes its row with it. */
  readonly what: 'row' | 'value'
  /** Further columns. */
  readonly more: readonly string[]
  /** The rows; default: those of all files of the source. */
  readonly from?: string | undefined
}

/**
 * The rows of a source as the table's columns, those values or rows left out that do not fit. A nested value that does not fit in one place counts as one value.
 *
 * @throws SchemaMismatch for a column that the source lacks and that may not be null
 */
export function discardingSelect(
  source: LoadSource,
  target: WriteTarget,
  { what, more, from = source.from(source.files) }: DiscardingSelectOptions,
): DiscardingSelect {
  const isKnown = (name: string): boolean =>
    target.schema.fields.some((field) => field.name.toLowerCase() === name.toLowerCase())
  const known = source.columns.filter(({ name }) => isKnown(name))
  const unknown = source.columns
    .filter(({ name }) => !isKnown(name))
    .map(({ name }) => `${quoteIdentifier(name)} IS NOT NULL`)
  const names = known.map(({ name }) => name)
  const columns = matchFields(target.schema, names, []).map(({ field, source: name }) =>
    fittingColumn(
      field,
      known.find((column) => column.name === name),
      source.textual,
    ),
  )
  const misfits = [...columns.flatMap(({ misfit }) => misfit ?? []), ...unknown]
  const missing = columns.flatMap(({ field, value }) => (field.nullable ? [] : [`(${value}) IS NULL`]))
  const left = anyOf(what === 'row' ? [...misfits, ...missing] : missing)
  const values = misfits.map((misfit) => `CASE WHEN ${misfit} THEN 1 ELSE 0 END`).join(' + ') || '0'
  const select = columns.map(({ field, value }) => `${value} AS ${quoteIdentifier(field.name)}`)
  return {
    rows: `SELECT ${[...select, ...more].join(', ')} FROM ${from} WHERE NOT ${left}`,
    counts: `SELECT count(*) FILTER (WHERE ${left}) AS rows, coalesce(sum(${values}) FILTER (WHERE NOT ${left}), 0) AS discarded FROM ${from}`,
  }
}

/** SQL of a column, null where its value does not fit, and when that is. */
function fittingColumn(
  field: StructField,
  column: SourceColumn | undefined,
  textual: boolean,
): { readonly field: StructField; readonly value: string; readonly misfit: string | undefined } {
  const none = `CAST(NULL AS ${typeSql(field.dataType)})`
  if (column === undefined) return { field, value: none, misfit: undefined }
  const converted = conversionOf(field, column, textual)
  if (converted === undefined) return { field, value: none, misfit: `${quoteIdentifier(column.name)} IS NOT NULL` }
  const { value, checks } = converted
  if (checks.length === 0) return { field, value, misfit: undefined }
  const misfit = anyOf(checks.map(({ condition }) => condition))
  return { field, value: `CASE WHEN ${misfit} THEN NULL ELSE ${value} END`, misfit }
}

/** Undefined where no value of the column can fit. */
function conversionOf(field: StructField, { name, type }: SourceColumn, textual: boolean): Conversion | undefined {
  try {
    return convert(quoteIdentifier(name), type, field.dataType, true, { textual, path: [field.name] })
  } catch (error) {
    if (isDeltaError(error, 'SchemaMismatch')) return undefined
    throw error
  }
}

/** What cannot be told is not so. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'FALSE'
  return `(${conditions.map((condition) => `coalesce(${condition}, FALSE)`).join(' OR ')})`
}
