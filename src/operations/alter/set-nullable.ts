import { DeltaError } from '../../errors/delta-error.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import type { StructField, StructType } from '../../schema/data-type.js'
import { editField } from '../../schema/evolve/edit-column.js'
import { resolveColumn } from '../../schema/resolve-column.js'
import { columnName } from '../../schema/schema-error.js'
import { checkExistingRows } from '../operation/rules/check-existing-rows.js'
import { changeColumn } from './change-column.js'
import type { TableChange } from './table-change.js'

/**
 * Says whether a column, or a field at any depth, may be null. That it may not is looked up in the rows that are there.
 *
 * @throws UnknownColumn; ConstraintViolated with the first row that is null; InvalidArgument for what stands inside of an array or a map and is to be not null
 */
export function setNullable(column: string | readonly string[], nullable: boolean): TableChange {
  const wanted = parseColumnPath(column)
  return async (snapshot, options) => {
    let path = wanted
    let before: StructField | undefined
    const schema = editField(snapshot.schema, wanted, (field, at) => {
      path = at
      before = field
      return { ...field, nullable }
    })
    const field = { ...(before as StructField), nullable }
    const altered = changeColumn(snapshot, { schema, path, field })
    if (nullable || before?.nullable === false) return altered
    const label = `NOT NULL of column ${columnName(path)}`
    const expression = notNull(snapshot.schema, path)
    await checkExistingRows(snapshot, { label, name: columnName(path), expression }, options)
    return { ...altered, read: { wholeTable: true }, isolation: 'Serializable' }
  }
}

/** In Spark SQL: a field of a struct that is null itself has no value to miss. */
function notNull(schema: StructType, path: readonly string[]): string {
  if (resolvesInStructs(schema, path)) {
    const above = path.slice(1).map((_, i) => `${quoted(path.slice(0, i + 1))} IS NULL`)
    return [...above, `${quoted(path)} IS NOT NULL`].join(' OR ')
  }
  throw new DeltaError(
    'InvalidArgument',
    `Column ${columnName(path)} stands inside of an array or a map: whether its rows have nulls is not looked up there, so it cannot be set to NOT NULL.`,
    { details: { column: columnName(path) } },
  )
}

function resolvesInStructs(schema: StructType, path: readonly string[]): boolean {
  return path.every(
    (_, i) => i === path.length - 1 || resolveColumn(schema, path.slice(0, i + 1)).field.dataType.type === 'struct',
  )
}

function quoted(path: readonly string[]): string {
  return path.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.')
}
