import { DeltaError } from '../../errors/delta-error.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import type { JsonValue, StructField, StructType } from '../../schema/data-type.js'
import { type ColumnPosition, placeField, positionText } from '../../schema/evolve/column-position.js'
import { editStruct } from '../../schema/evolve/edit-column.js'
import { columnName, schemaError } from '../../schema/schema-error.js'
import { metadataWithSchema } from '../operation/metadata-with-schema.js'
import { fieldSummary } from './field-summary.js'
import type { TableChange } from './table-change.js'

export interface AddColumnOptions {
  /** The struct that the columns join: its name, names separated by dots, or a list of names; `element`, `key` and `value` step into arrays and maps. Default: the table. */
  readonly into?: string | readonly string[] | undefined
  /** Default: at the end. */
  readonly position?: ColumnPosition | undefined
}

/**
 * Adds columns, without values in the rows that are there.
 *
 * @throws InvalidSchema for a name that is taken, that the table cannot have, or a column that may not be null; UnknownColumn; UnsupportedFeature for types that the
 * protocol of the table does not have
 */
export function addColumns(columns: StructType, options: AddColumnOptions): TableChange {
  const into = options.into === undefined ? [] : parseColumnPath(options.into)
  return (snapshot) => {
    const added: JsonValue[] = []
    const schema = editStruct(snapshot.schema, into, (struct, path) => {
      let result = struct
      let { position } = options
      for (const field of columns.fields) {
        checkNew(field, struct, path)
        result = placeField(result, field, position)
        added.push({
          column: fieldSummary(path, field),
          ...(position !== undefined && { position: positionText(position) }),
        })
        // The next one stands behind it.
        if (position !== undefined) position = { after: field.name }
      }
      return result
    })
    const { metadata } = metadataWithSchema(snapshot, schema)
    return { operation: 'ADD COLUMNS', operationParameters: { columns: added }, metadata }
  }
}

function checkNew(field: StructField, struct: StructType, path: readonly string[]): void {
  const at = [...path, field.name]
  const twin = struct.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
  if (twin !== undefined) {
    throw schemaError('InvalidSchema', at, `cannot be added: there is ${columnName([...path, twin.name])} already.`)
  }
  if (!field.nullable) {
    throw schemaError(
      'InvalidSchema',
      at,
      'cannot be added as NOT NULL: the rows that are there have no value for it. Add it as nullable, fill it, and set it to NOT NULL then.',
    )
  }
  const rule = Object.keys(field.metadata).find((key) => /^(delta\.(identity|generation)|CURRENT_DEFAULT$)/.test(key))
  if (rule === undefined) return
  throw new DeltaError(
    'InvalidSchema',
    `Column ${columnName(at)} cannot be added with ${rule}: the rows that are there would have no value for it.`,
    { details: { column: columnName(at) } },
  )
}
