import type { JsonValue, StructType } from '../../schema/data-type.js'
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
  // A schema that was built is a column too; only the plain type goes on.
  if (isStructType(input)) return { type: 'struct', fields: input.fields }
  return parseSchemaJson(stringifyJson(input as JsonValue), 'InvalidSchema')
}

function isStructType(input: Exclude<SchemaInput, string>): input is StructType {
  return (input.fields as readonly object[]).every((field) => 'dataType' in field)
}
