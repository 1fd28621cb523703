import { DeltaError } from '../../errors/delta-error.js'
import type { JsonValue, StructField, StructType } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'
import { parseSchemaJson } from '../../schema/schema-json.js'
import { parseSchemaText } from '../../schema/schema-text.js'

/** A schema as a user gives it: built with `struct(...)`, SQL text (`id BIGINT NOT NULL, at TIMESTAMP`), or Delta's JSON, as text or object. */
export type SchemaInput = StructType | string | { readonly type: 'struct'; readonly fields: readonly JsonValue[] }

/** @throws InvalidSchema or UnsupportedType where it does not parse */
export function readSchema(input: SchemaInput): StructType {
  if (typeof input === 'string') {
    return input.trimStart().startsWith('{') ? parseSchemaJson(input, 'InvalidSchema') : parseSchemaText(input)
  }
  const fields: unknown = typeof input === 'object' && input !== null ? input.fields : undefined
  if (!Array.isArray(fields)) {
    throw new DeltaError(
      'InvalidSchema',
      `A schema is built with struct(...), or it is SQL text such as 'id BIGINT NOT NULL, at TIMESTAMP', or Delta's JSON. This is ${kindOf(input)}.`,
    )
  }
  // A schema that was built is a column too; only the plain type goes on.
  if (fields.every(isField)) return { type: 'struct', fields }
  return parseSchemaJson(stringifyJson(input as JsonValue), 'InvalidSchema')
}

function isField(field: unknown): field is StructField {
  return typeof field === 'object' && field !== null && 'dataType' in field
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object without columns' : `a ${typeof value}`
}
