import type { Field } from 'apache-arrow'
import { PARQUET_FIELD_ID } from '../arrow/field-ids.js'
import { DeltaError } from '../errors/delta-error.js'
import { type ColumnMappingMode, fieldId, storedName } from '../schema/column-mapping.js'
import type { StructField } from '../schema/data-type.js'

/**
 * Where the columns of a table's schema are among those of a data file, or the fields of a struct among those of its stored form; undefined where the
 * file lacks one (PROTOCOL.md, "Reader Requirements for Column Mapping"). By id, by physical name, or by name; where none is spelled the same, without
 * regard to case. CorruptData where several columns may be meant.
 */
export function matchStoredFields(
  stored: readonly Field[],
  fields: readonly StructField[],
  mode: ColumnMappingMode,
): (number | undefined)[] {
  const ids = mode === 'id' ? positionsBy(stored, (field) => field.metadata.get(PARQUET_FIELD_ID)) : undefined
  // Files that were there before the table got ids have none.
  if (ids !== undefined && ids.size > 0) {
    // Change data files have a column that no table has: it goes by its name.
    return fields.map((field) =>
      fieldId(field) === undefined ? positionOf(stored, field.name) : ids.get(String(fieldId(field))),
    )
  }
  const named = new Map<string, number[]>()
  stored.forEach(({ name }, position) => {
    const folded = name.toLowerCase()
    const others = named.get(folded)
    if (others === undefined) named.set(folded, [position])
    else others.push(position)
  })
  return fields.map((field) => {
    const name = storedName(field, mode)
    const alike = named.get(name.toLowerCase()) ?? []
    const same = alike.length > 1 ? alike.filter((position) => stored[position]?.name === name) : []
    const [found, another] = same.length > 0 ? same : alike
    if (another !== undefined) throw ambiguous(name)
    return found
  })
}

function ambiguous(name: string): DeltaError {
  return new DeltaError(
    'CorruptData',
    `A data file has several columns that may be ${name}, so which one is meant cannot be told. Rewrite the file, or restore an older version of the table.`,
    { details: { column: name } },
  )
}

/** The names that a column, or a field inside structs, has in a data file; undefined where the file lacks it. */
export function storedPath(
  stored: readonly Field[],
  fields: readonly StructField[],
  mode: ColumnMappingMode,
): readonly string[] | undefined {
  const path: string[] = []
  let level = stored
  for (const field of fields) {
    const [position] = matchStoredFields(level, [field], mode)
    const found = position === undefined ? undefined : level[position]
    if (found === undefined) return undefined
    path.push(found.name)
    level = (found.type.children ?? []) as Field[]
  }
  return path
}

function positionOf(stored: readonly Field[], name: string): number | undefined {
  const position = stored.findIndex((field) => field.name === name)
  return position < 0 ? undefined : position
}

function positionsBy(stored: readonly Field[], keyOf: (field: Field) => string | undefined): Map<string, number> {
  const positions = new Map<string, number>()
  stored.forEach((field, position) => {
    const key = keyOf(field)
    if (key !== undefined && !positions.has(key)) positions.set(key, position)
  })
  return positions
}
