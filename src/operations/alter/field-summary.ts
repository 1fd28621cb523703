import type { JsonValue, StructField } from '../../schema/data-type.js'
import { columnName } from '../../schema/schema-error.js'
import { typeText } from '../../schema/type-text.js'

/** A field as the history tells it. */
export function fieldSummary(path: readonly string[], { name, dataType, nullable, metadata }: StructField): JsonValue {
  return { name: columnName([...path, name]), type: typeText(dataType).toLowerCase(), nullable, metadata }
}
