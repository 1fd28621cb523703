import type { StructField } from '../schema/data-type.js'

/** The key under which Arrow's Parquet writers look for a field's id. */
export const PARQUET_FIELD_ID = 'PARQUET:field_id'

/**
 * The column mapping ids of one field: its own, and those of the elements, keys and values of arrays and maps below it, which stand in the
 * metadata of the field (PROTOCOL.md, "Column Mapping" and "IcebergCompatV2", `delta.columnMapping.nested.ids`).
 */
export interface NestedFieldIds {
  below(part: 'element' | 'key' | 'value'): NestedFieldIds
  /** Empty where there is no id. */
  metadata(): Map<string, string>
}

export const NO_FIELD_IDS: NestedFieldIds = { below: () => NO_FIELD_IDS, metadata: () => new Map() }

export function nestedFieldIds(field: StructField): NestedFieldIds {
  const nested = field.metadata['delta.columnMapping.nested.ids']
  const ids = typeof nested === 'object' && nested !== null ? (nested as { readonly [path: string]: unknown }) : {}
  const root = field.metadata['delta.columnMapping.physicalName'] ?? field.name
  return at(String(root), field.metadata['delta.columnMapping.id'], ids)
}

function at(path: string, id: unknown, ids: { readonly [path: string]: unknown }): NestedFieldIds {
  return {
    below: (part) => at(`${path}.${part}`, ids[`${path}.${part}`], ids),
    metadata: () => new Map(id === undefined || id === null ? [] : [[PARQUET_FIELD_ID, String(id)]]),
  }
}
