import { fileFields, STATE_FIELDS, V2_FIELDS } from '../../log/checkpoint/checkpoint-schema.js'
import type { Action } from '../../protocol/actions/action.js'
import type { DataType } from '../../schema/data-type.js'

const TYPES: ReadonlyMap<string, DataType> = new Map(
  [...STATE_FIELDS, ...V2_FIELDS, ...fileFields({ statsAsJson: false, parsed: undefined })].map(
    ({ name, dataType }) => [name, dataType],
  ),
)

/** The row of a checkpoint that holds one action. Fields that checkpoints have no column for, as newer writers may add, are left out. */
export function actionRow(action: Action): object {
  const { type, ...fields } = action
  return { [type]: withKnownFields(fields, TYPES.get(type) as DataType) }
}

/** A value without the fields that its type does not have. */
export function withKnownFields(value: unknown, type: DataType): unknown {
  if (type.type !== 'struct' || typeof value !== 'object' || value === null) return value
  const fields = value as { readonly [name: string]: unknown }
  return Object.fromEntries(
    type.fields.flatMap(({ name, dataType }) =>
      Object.hasOwn(fields, name) ? [[name, withKnownFields(fields[name], dataType)]] : [],
    ),
  )
}
