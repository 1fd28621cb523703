import { DeltaError } from '../../errors/delta-error.js'
import { StructColumn } from '../column.js'
import type { StructType } from '../data-type.js'
import { fromJsonSchema } from './from-json-schema.js'
import { fromZod, isZod } from './from-zod.js'
import type { RowFrom } from './row-from.js'
import type { OutputOf, StandardSchema } from './standard-schema.js'
import { unmappable } from './typed-value.js'

/**
 * The schema of a table whose rows are what a validator gives: a zod object (`schemaFrom(z.object({ id: z.bigint(), at: z.date() }))`), or any Standard Schema that can describe itself as JSON Schema. Rows get their
 * type from it. The validator is not called: what is written is checked against the schema of the table.
 *
 * A value that may be undefined or null is a nullable column; the others are NOT NULL.
 *
 * @throws UnsupportedType naming every column whose values no column of Delta can hold; InvalidArgument for what is no schema
 */
export function schemaFrom<S extends StandardSchema<object>>(schema: S): StructColumn<RowFrom<OutputOf<S>>> {
  checkStandard(schema)
  const { dataType } = isZod(schema) ? fromZod(schema, []) : fromStandard(schema)
  if (dataType.type !== 'struct') throw unmappable([], `no object but ${dataType.type}`, 'A row is an object.')
  return new StructColumn(dataType as StructType)
}

/** For callers without types. */
function checkStandard(schema: unknown): void {
  if (schema !== null && (typeof schema === 'object' || typeof schema === 'function') && '~standard' in schema) return
  throw new DeltaError(
    'InvalidArgument',
    'schemaFrom takes a zod object or another Standard Schema. A schema as text or built with struct(...) needs no schemaFrom.',
  )
}

function fromStandard(schema: StandardSchema): ReturnType<typeof fromJsonSchema> {
  const { vendor, jsonSchema } = schema['~standard']
  if (jsonSchema !== undefined) return fromJsonSchema(jsonSchema.output({ target: 'draft-2020-12' }), [])
  throw unmappable(
    [],
    `a schema of ${vendor} that does not say what types it has`,
    'Build the schema with struct(...), or give it as SQL text.',
  )
}
