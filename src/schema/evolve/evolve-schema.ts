import type { DataType, StructField, StructType } from '../data-type.js'
import { widensByItself } from './can-widen.js'
import { newField } from './new-field.js'
import type { SchemaChange } from './schema-change.js'
import { recordTypeChanges, type TypeChange } from './type-changes.js'

export interface EvolveOptions {
  /** Whether a type may change to a wider one, as the table property `delta.enableTypeWidening` says; asked for each change. Default: none may. */
  readonly mayWiden?: ((from: DataType, to: DataType) => boolean) | undefined
}

export interface EvolvedSchema {
  /** The very schema that was handed in where nothing changed. */
  readonly schema: StructType
  readonly changes: readonly SchemaChange[]
}

/**
 * A schema that has room for data of another one: columns, and fields at any depth, that it lacks are added as nullable ones behind those that are there; types are widened
 * where that is allowed. Names are compared without case. Columns that the data lacks stay, and so do types that the data's type does not widen: whether its values fit is for
 * the writer to find out. Pure; column mapping is not given to new columns here.
 */
export function evolveSchema(current: StructType, incoming: StructType, options: EvolveOptions = {}): EvolvedSchema {
  const changes: SchemaChange[] = []
  const fields = evolveFields(current, incoming, [], { changes, mayWiden: options.mayWiden ?? (() => false) })
  return changes.length === 0 ? { schema: current, changes } : { schema: { ...current, fields }, changes }
}

interface Evolution {
  readonly changes: SchemaChange[]
  readonly mayWiden: (from: DataType, to: DataType) => boolean
}

function evolveFields(
  current: StructType,
  incoming: StructType,
  path: readonly string[],
  evolution: Evolution,
): StructField[] {
  const wanted = new Map(incoming.fields.map((field) => [matching(current, field.name) ?? field.name, field]))
  const kept = current.fields.map((field) => {
    const other = wanted.get(field.name)
    wanted.delete(field.name)
    return other === undefined ? field : evolveField(field, other.dataType, path, evolution)
  })
  const names = new Set<string>()
  const added = [...wanted.values()].flatMap((field) => {
    const fresh = newField(field)
    if (fresh === undefined || names.has(fresh.name.toLowerCase())) return []
    names.add(fresh.name.toLowerCase())
    evolution.changes.push({ change: 'added', path: [...path, fresh.name], type: fresh.dataType })
    return [fresh]
  })
  return [...kept, ...added]
}

/** The name that the table has for a column of the data: one spelled exactly wins. */
function matching({ fields }: StructType, name: string): string | undefined {
  const exact = fields.find((field) => field.name === name)
  return (exact ?? fields.find((field) => field.name.toLowerCase() === name.toLowerCase()))?.name
}

function evolveField(
  field: StructField,
  incoming: DataType,
  path: readonly string[],
  evolution: Evolution,
): StructField {
  const changed: TypeChange[] = []
  const at = [...path, field.name]
  const dataType = evolveType(field.dataType, incoming, { at, steps: [], changed, evolution })
  return dataType === field.dataType ? field : recordTypeChanges({ ...field, dataType }, changed)
}

/** Where a type stands: below which field, and how far below it. */
interface Place {
  readonly at: readonly string[]
  readonly steps: readonly string[]
  readonly changed: TypeChange[]
  readonly evolution: Evolution
}

function evolveType(current: DataType, incoming: DataType, place: Place): DataType {
  const before = place.evolution.changes.length
  const evolved = evolveParts(current, incoming, place)
  // Same object where nothing changed below it.
  return place.evolution.changes.length === before ? current : evolved
}

function evolveParts(current: DataType, incoming: DataType, place: Place): DataType {
  const { at, steps, evolution } = place
  if (current.type === 'struct' && incoming.type === 'struct') {
    return { ...current, fields: evolveFields(current, incoming, [...at, ...steps], evolution) }
  }
  if (current.type === 'array' && incoming.type === 'array') {
    return { ...current, elementType: evolveType(current.elementType, incoming.elementType, below(place, 'element')) }
  }
  if (current.type === 'map' && incoming.type === 'map') {
    return {
      ...current,
      keyType: evolveType(current.keyType, incoming.keyType, below(place, 'key')),
      valueType: evolveType(current.valueType, incoming.valueType, below(place, 'value')),
    }
  }
  const filled = current.type === 'void' && incoming.type !== 'void' ? newField(unnamed(incoming))?.dataType : undefined
  const wider = widensByItself(current, incoming) && evolution.mayWiden(current, incoming) ? incoming : undefined
  const to = filled ?? wider
  if (to === undefined) return current
  evolution.changes.push({ change: 'widened', path: [...at, ...steps], from: current, to })
  place.changed.push({ steps, from: current, to })
  return to
}

function below(place: Place, step: string): Place {
  return { ...place, steps: [...place.steps, step] }
}

function unnamed(dataType: DataType): StructField {
  return { name: '', dataType, nullable: true, metadata: {} }
}
