import type { DuckDBConnection } from '@duckdb/node-api'
import { isMetadataColumn } from '../../../scan/metadata-column.js'
import { fieldId, physicalName, storedName } from '../../../schema/column-mapping.js'
import type { DataType, StructField } from '../../../schema/data-type.js'
import type { CheckedFiles } from './checked-files.js'
import { hasLegacyDays } from './legacy-days.js'
import { readsExactly } from './reads-exactly.js'
import type { SourceTable } from './source-table.js'
import { type StoredElement, type StoredSchema, storedSchemas } from './stored-schemas.js'

/**
 * Whether DuckDB would read a file otherwise than the table's schema says: it casts what does not fit, numbers to text among others, where the Arrow path
 * refuses the file, it refuses structs that share no field with the table's, it finds fields inside of structs by name only, and of columns whose
 * names differ in case it takes any; and days of the Julian calendar it takes for Gregorian ones. Looks at the schemas of all
 * files that were not looked at before, rarely at data.
 */
export async function misreadsFiles(
  connection: DuckDBConnection,
  table: SourceTable,
  checked: CheckedFiles,
): Promise<boolean> {
  const files = checked.unchecked(table)
  if (files.length === 0) return false
  const fresh = { ...table, files }
  if (await misreadsSome(connection, fresh)) return true
  checked.add(fresh)
  return false
}

async function misreadsSome(connection: DuckDBConnection, table: SourceTable): Promise<boolean> {
  const fields = table.schema.fields.filter(
    (field) => !table.partitionColumns.includes(field.name) && !isMetadataColumn(field),
  )
  if (fields.length === 0) return false
  const schemas = await storedSchemas(
    connection,
    table.files.map(({ localPath }) => localPath),
  )
  return schemas.some((schema) => isMisread(schema, fields, table)) || hasLegacyDays(connection, table, fields)
}

function isMisread(
  { elements, types }: StoredSchema,
  fields: readonly StructField[],
  { columnMapping }: SourceTable,
): boolean {
  if (elements.some(hasTwins) || new Set(elements.map(foldedName)).size < elements.length) return true
  if (columnMapping === 'id' && !namesFollowIds(elements, namesById(fields))) return true
  const positions = new Map(elements.map((element, i) => [foldedName(element), i]))
  return fields.some((field) => {
    const position = positions.get(storedName(field, columnMapping).toLowerCase())
    const type = position === undefined ? undefined : types[position]
    return type !== undefined && !readsExactly(type, field.dataType, columnMapping)
  })
}

function foldedName({ name }: StoredElement): string {
  return name.toLowerCase()
}

/** Whether two fields of a struct differ in case at most. */
function hasTwins({ children }: StoredElement): boolean {
  return new Set(children.map(foldedName)).size < children.length || children.some(hasTwins)
}

/** The physical names of columns and of fields of structs, by field id. */
function namesById(fields: readonly StructField[], names: Map<number, string> = new Map()): Map<number, string> {
  for (const field of fields) {
    const id = fieldId(field)
    if (id !== undefined) names.set(id, physicalName(field))
    for (const type of partsOf(field.dataType)) namesById(type, names)
  }
  return names
}

/** The fields of the structs that a type holds, as far as no other struct is between. */
function partsOf(type: DataType): readonly (readonly StructField[])[] {
  switch (type.type) {
    case 'struct':
      return [type.fields]
    case 'array':
      return partsOf(type.elementType)
    case 'map':
      return [...partsOf(type.keyType), ...partsOf(type.valueType)]
    default:
      return []
  }
}

/** Whether every column that has the id or the name of one of the table has both. */
function namesFollowIds(elements: readonly StoredElement[], names: ReadonlyMap<number, string>): boolean {
  const known = new Set(names.values())
  const agrees = ({ name, fieldId: id, children }: StoredElement): boolean => {
    const expected = id === undefined ? undefined : names.get(id)
    return (expected === undefined ? !known.has(name) : expected === name) && children.every(agrees)
  }
  return elements.every(agrees)
}
