import { DeltaError } from '../../errors/delta-error.js'
import type { DataType, StructField, StructType } from '../data-type.js'
import { resolveColumn } from '../resolve-column.js'
import { columnName } from '../schema-error.js'
import { recordTypeChanges } from './type-changes.js'

/** What a type becomes; may refuse. */
type ChangeOne = (from: DataType, path: readonly string[]) => DataType

/** A schema in which one type changed. */
export interface ChangedType {
  readonly schema: StructType
  /** Of the column that the type belongs to: `element`, `key` and `value` left out at its end. */
  readonly path: readonly string[]
  readonly field: StructField
}

/**
 * Changes the type at a path: of a column, a field at any depth, an array element (`tags.element`), a map key or a map value; the field above it remembers what it was.
 *
 * @throws UnknownColumn
 */
export function changeType(schema: StructType, path: readonly string[], change: ChangeOne): ChangedType {
  let changed: Pick<ChangedType, 'path' | 'field'> | undefined
  const inStruct = (struct: StructType, [name, ...rest]: readonly string[], above: readonly string[]): StructType => {
    const { field } = resolveColumn(struct, [name as string])
    const at = [...above, field.name]
    const inType = (type: DataType, steps: readonly string[], parts: readonly string[]): DataType => {
      const [step, ...further] = steps
      const here = [...at, ...parts]
      if (step === undefined) {
        const to = change(type, here)
        const recorded = recordTypeChanges(field, to === type ? [] : [{ steps: parts, from: type, to }])
        changed = { path: at, field: recorded }
        return to
      }
      if (type.type === 'struct') return inStruct(type, steps, here)
      const below = [...parts, step]
      if (type.type === 'array' && step === 'element') {
        return { ...type, elementType: inType(type.elementType, further, below) }
      }
      if (type.type === 'map' && step === 'key') return { ...type, keyType: inType(type.keyType, further, below) }
      if (type.type === 'map' && step === 'value') return { ...type, valueType: inType(type.valueType, further, below) }
      throw unknown(here, step)
    }
    const dataType = inType(field.dataType, rest, [])
    const isOwn = changed?.path.length === at.length
    const next = { ...(isOwn ? (changed?.field ?? field) : field), dataType }
    if (isOwn) changed = { path: at, field: next }
    return { ...struct, fields: struct.fields.map((each) => (each === field ? next : each)) }
  }
  const result = inStruct(schema, path, [])
  return { schema: result, ...(changed as NonNullable<typeof changed>) }
}

function unknown(path: readonly string[], step: string): DeltaError {
  const column = columnName(path)
  return new DeltaError(
    'UnknownColumn',
    `There is no ${columnName([...path, step])}: ${column} is neither a struct nor an array or a map with such a part.`,
    {
      details: { column },
    },
  )
}
