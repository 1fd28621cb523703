import { fieldId, nestedFieldId } from '../schema/column-mapping.js'
import type { StructField } from '../schema/data-type.js'

/** The key under which Arrow's Parquet writers look for a field's id. */
export const PARQUET_FIELD_ID = 'PARQUET:field_id'

/** The column mapping id of a field, and those of the elements, keys and values of arrays and maps below it. */
export interface NestedFieldIds {
  below(part: 'element' | 'key' | 'value'): NestedFieldIds
  /** Empty where there is no id. */
  metadata(): Map<string, string>
}

export const NO_FIELD_IDS: NestedFieldIds = { below: () => NO_FIELD_IDS, metadata: () => new Map() }

export function nestedFieldIds(field: StructField, steps: readonly string[] = []): NestedFieldIds {
  const id = steps.length === 0 ? fieldId(field) : nestedFieldId(field, steps)
  return {
    below: (part) => nestedFieldIds(field, [...steps, part]),
    metadata: () => new Map(id === undefined ? [] : [[PARQUET_FIELD_ID, String(id)]]),
  }
}
