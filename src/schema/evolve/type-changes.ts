import type { DataType, JsonValue, StructField } from '../data-type.js'

/** Field metadata with the types that a column had before it was widened. */
export const TYPE_CHANGES = 'delta.typeChanges'

/** A change of the type of a field, or of an array element, map key or map value in it. */
export interface TypeChange {
  /** From the field to the part that changed: `element`, `key`, `value`; empty for the field itself. */
  readonly steps: readonly string[]
  readonly from: DataType
  readonly to: DataType
}

/** A field that remembers how its type changed (PROTOCOL.md, "Type Change Metadata"). What it remembered before stays. A void column had no values to remember a type for. */
export function recordTypeChanges(field: StructField, changes: readonly TypeChange[]): StructField {
  const entries = changes.filter(({ from }) => from.type !== 'void').map(entry)
  if (entries.length === 0) return field
  const before = field.metadata[TYPE_CHANGES]
  const history: readonly JsonValue[] = Array.isArray(before) ? (before as readonly JsonValue[]) : []
  return { ...field, metadata: { ...field.metadata, [TYPE_CHANGES]: [...history, ...entries] } }
}

function entry({ steps, from, to }: TypeChange): JsonValue {
  const path = steps.length === 0 ? {} : { fieldPath: steps.join('.') }
  return { fromType: primitiveText(from), toType: primitiveText(to), ...path }
}

function primitiveText(type: DataType): string {
  return type.type === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.type
}
