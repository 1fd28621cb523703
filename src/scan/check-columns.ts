import { DeltaError } from '../errors/delta-error.js'
import type { DataType, StructType } from '../schema/data-type.js'
import { columnName } from '../schema/schema-error.js'
import type { Snapshot } from '../snapshot/snapshot.js'

/**
 * Checks that a table has columns, that no two of a struct differ in case at most, and that its partition columns are among them: otherwise its rows would be read
 * with the wrong values, or with none. Every other reader refuses such tables.
 *
 * @throws InvalidArgument for a table without columns, AmbiguousColumn, CorruptLog
 */
export function checkColumns(snapshot: Snapshot): void {
  const { schema, metadata, version } = snapshot
  if (schema.fields.length === 0) {
    const message = `Version ${version} of ${snapshot.location.url} has no columns yet: there are no rows to read. Add columns, or read another version.`
    throw new DeltaError('InvalidArgument', message, { details: detailsOf(snapshot) })
  }
  const twins = twinsIn(schema, [])
  if (twins !== undefined) {
    const message = `The columns ${twins.join(' and ')} of ${snapshot.location.url} differ in case at most, so which one is meant cannot be told. Rename one with the engine that made the table.`
    throw new DeltaError('AmbiguousColumn', message, { details: { ...detailsOf(snapshot), columns: twins } })
  }
  const names = new Set(schema.fields.map(({ name }) => name))
  const column = metadata.partitionColumns.find((name) => !names.has(name))
  if (column !== undefined) {
    const message = `Version ${version} of ${snapshot.location.url} is partitioned by ${column}, and its schema has no such column. The log was written by a faulty writer.`
    throw new DeltaError('CorruptLog', message, { details: { ...detailsOf(snapshot), column } })
  }
}

function detailsOf({ location, version }: Snapshot): { readonly table: string; readonly version: number } {
  return { table: location.url, version }
}

/** The first two columns of one struct whose names are the same in small letters. */
function twinsIn(type: DataType, path: readonly string[]): readonly [string, string] | undefined {
  switch (type.type) {
    case 'struct':
      return twinsOf(type, path)
    case 'array':
      return twinsIn(type.elementType, [...path, 'element'])
    case 'map':
      return twinsIn(type.keyType, [...path, 'key']) ?? twinsIn(type.valueType, [...path, 'value'])
    default:
      return undefined
  }
}

function twinsOf({ fields }: StructType, path: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>()
  for (const { name, dataType } of fields) {
    const folded = name.toLowerCase()
    const twin = seen.get(folded)
    if (twin !== undefined) return [columnName([...path, twin]), columnName([...path, name])]
    seen.set(folded, name)
    const below = twinsIn(dataType, [...path, name])
    if (below !== undefined) return below
  }
  return undefined
}
