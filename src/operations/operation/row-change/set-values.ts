import type { RowValue } from '../../../arrow/row.js'
import type { ColumnValue } from '../../../engine/row-change.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { parseColumnPath } from '../../../expressions/column-path.js'
import { isSqlExpression, type SqlExpression } from '../../../expressions/sql-expression.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { StructField, StructType } from '../../../schema/data-type.js'
import { resolveColumn } from '../../../schema/resolve-column.js'
import { columnName } from '../../../schema/schema-error.js'
import { valueSql } from './value-sql.js'

/** New values by column: values in the forms that rows have, or `sql('...')`. A field of a struct is named with dots: `address.city`. */
export interface SetValues {
  readonly [column: string]: RowValue | SqlExpression | undefined
}

/** What is set in a column or a field of it: all of it, or fields below. */
type Setting = { readonly sql: string; readonly isPlain: boolean } | { readonly fields: Map<string, Setting> }

/**
 * New values as SQL, by top-level column.
 * @param relation what the table is called in the SQL: fields of structs that are not set keep their value. Absent where there is no row yet.
 * @throws UnknownColumn with the nearest name; SchemaMismatch; InvalidArgument where nothing or one thing twice is set
 */
export function setValues(set: SetValues, schema: StructType, relation: string | undefined): ColumnValue[] {
  const settings: { readonly fields: Map<string, Setting> } = { fields: new Map() }
  for (const [column, value] of Object.entries(set ?? {})) {
    if (value === undefined) continue
    const { path, field } = resolveColumn(schema, pathOf(schema, column))
    const sql = isSqlExpression(value) ? value.sql : valueSql(value, field.dataType, path)
    put(settings.fields, path, { sql, isPlain: !isSqlExpression(value) }, path)
  }
  if (settings.fields.size === 0) {
    throw new DeltaError('InvalidArgument', 'Nothing is set: name at least one column and its value.')
  }
  return [...settings.fields].map(([column, setting]) => {
    const field = schema.fields.find(({ name }) => name === column) as StructField
    const before = relation === undefined ? undefined : `${quoteIdentifier(relation)}.${quoteIdentifier(column)}`
    return {
      column,
      sql: settingSql(setting, field, before),
      ...('sql' in setting && setting.isPlain && { isPlain: true }),
    }
  })
}

/** A name that a column has is no path, dots or not. */
function pathOf({ fields }: StructType, column: string): readonly string[] {
  const isColumn = fields.some(({ name }) => name.toLowerCase() === column.toLowerCase())
  return isColumn ? [column] : parseColumnPath(column)
}

function put(
  settings: Map<string, Setting>,
  [name = '', ...rest]: readonly string[],
  setting: Setting,
  path: readonly string[],
): void {
  const before = settings.get(name)
  if (before === undefined && rest.length === 0) {
    settings.set(name, setting)
    return
  }
  if (rest.length === 0 || (before !== undefined && 'sql' in before)) {
    throw new DeltaError('InvalidArgument', `${columnName(path)} is set twice. Set it once.`, {
      details: { column: columnName(path) },
    })
  }
  const below = before ?? { fields: new Map<string, Setting>() }
  settings.set(name, below)
  put(below.fields, rest, setting, path)
}

/** @param before the value that the row has now, as SQL */
function settingSql(setting: Setting, { dataType }: StructField, before: string | undefined): string {
  // A null by itself would have the type INTEGER.
  if ('sql' in setting)
    return setting.sql === 'NULL' && before !== undefined ? `CASE WHEN FALSE THEN ${before} END` : setting.sql
  const fields = (dataType as StructType).fields.map((field) => {
    const kept = before === undefined ? undefined : `struct_extract(${before}, ${quoteText(field.name)})`
    const own = setting.fields.get(field.name)
    const sql = own === undefined ? (kept ?? 'NULL') : settingSql(own, field, kept)
    return `${quoteIdentifier(field.name)} := (${sql}\n)`
  })
  return `struct_pack(${fields.join(', ')})`
}
