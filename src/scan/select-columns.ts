import { DeltaError } from '../errors/delta-error.js'
import type { BoundPredicate } from '../expressions/bound-predicate.js'
import type { StructType } from '../schema/data-type.js'
import { resolveColumn } from '../schema/resolve-column.js'

/** What a scan delivers, and what it has to read for that. */
export interface SelectedColumns {
  readonly schema: StructType
  readonly readSchema: StructType
}

/**
 * The columns asked for, in their order and as the schema spells them; and behind them those that the predicate needs, in the order of the schema. UnknownColumn, AmbiguousColumn,
 * and InvalidArgument where one is asked for twice.
 */
export function selectColumns(
  schema: StructType,
  names: readonly string[] | undefined,
  predicate: BoundPredicate | undefined,
): SelectedColumns {
  const fields = names === undefined ? schema.fields : names.map((name) => resolveColumn(schema, [name]).field)
  const selected = new Set(fields)
  const twice = fields.find((field, i) => fields.indexOf(field) !== i)
  if (twice !== undefined) {
    throw new DeltaError('InvalidArgument', `Column ${twice.name} is asked for twice.`, {
      details: { column: twice.name },
    })
  }
  const needed = new Set(predicate?.columns.map((column) => column.fields[0]))
  const further = schema.fields.filter((field) => !selected.has(field) && (predicate?.opaque || needed.has(field)))
  const delivered: StructType = { type: 'struct', fields }
  return {
    schema: delivered,
    readSchema: further.length === 0 ? delivered : { type: 'struct', fields: [...fields, ...further] },
  }
}
