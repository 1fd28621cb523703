import { DeltaError } from '../errors/delta-error.js'
import type { ColumnMappingMode } from './column-mapping.js'
import type { DataType, StructType } from './data-type.js'
import { resolveColumn } from './resolve-column.js'
import { columnName, schemaError } from './schema-error.js'

/** Parquet readers of old do not take these in column names. */
const FORBIDDEN = /[ ,;{}()\n\t=]/

/**
 * Checks a schema before a table is made or altered with it: every struct has a field, names are not empty and differ by more than case, and without column mapping have
 * none of the characters ` ,;{}()\n\t=`. InvalidSchema naming the column otherwise.
 */
export function checkSchema(schema: StructType, mode: ColumnMappingMode): void {
  checkStruct(schema, mode, [])
}

/**
 * Checks the partition columns of a table and answers them as the schema spells them: they exist at top level, once each, have a primitive type, and leave at least
 * one column for the data files. UnknownColumn, AmbiguousColumn or InvalidSchema naming the column otherwise.
 */
export function checkPartitionColumns(schema: StructType, names: readonly string[]): string[] {
  const resolved = names.map((name) => {
    const { field } = resolveColumn(schema, [name])
    if (!canPartition(field.dataType)) {
      throw schemaError('InvalidSchema', [field.name], `is a ${field.dataType.type} and cannot partition the table.`)
    }
    return field.name
  })
  const twice = resolved.find((name, i) => resolved.indexOf(name) !== i)
  if (twice !== undefined) throw schemaError('InvalidSchema', [twice], 'is named twice as a partition column.')
  if (resolved.length > 0 && resolved.length === schema.fields.length) {
    throw new DeltaError(
      'InvalidSchema',
      'Every column is a partition column: leave at least one column for the data files.',
      { details: { columns: resolved } },
    )
  }
  return resolved
}

function canPartition(type: DataType): boolean {
  return !['struct', 'array', 'map', 'variant', 'void'].includes(type.type)
}

function checkStruct(struct: StructType, mode: ColumnMappingMode, path: readonly string[]): void {
  if (struct.fields.length === 0)
    throw schemaError('InvalidSchema', path, 'has no columns; a struct needs at least one.')
  const seen = new Map<string, string>()
  for (const { name, dataType } of struct.fields) {
    const here = [...path, name]
    if (name === '') throw schemaError('InvalidSchema', path, 'has a column whose name is empty.')
    const twin = seen.get(name.toLowerCase())
    if (twin !== undefined) {
      const problem = `is there twice: ${columnName([twin])} and ${columnName([name])} differ at most in case.`
      throw schemaError('InvalidSchema', here, problem)
    }
    seen.set(name.toLowerCase(), name)
    if (mode === 'none' && FORBIDDEN.test(name)) {
      const problem =
        'has one of the characters " ,;{}()=", a tab or a line break in its name. Rename it, or set the table property delta.columnMapping.mode to name.'
      throw schemaError('InvalidSchema', here, problem)
    }
    checkType(dataType, mode, here)
  }
}

function checkType(type: DataType, mode: ColumnMappingMode, path: readonly string[]): void {
  switch (type.type) {
    case 'struct':
      checkStruct(type, mode, path)
      break
    case 'array':
      checkType(type.elementType, mode, [...path, 'element'])
      break
    case 'map':
      checkType(type.keyType, mode, [...path, 'key'])
      checkType(type.valueType, mode, [...path, 'value'])
      break
    default:
  }
}
