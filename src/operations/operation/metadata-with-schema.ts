import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import { COLUMN_MAPPING_MAX_COLUMN_ID } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { checkSchema } from '../../schema/check-schema.js'
import { columnMappingMode } from '../../schema/column-mapping.js'
import type { StructType } from '../../schema/data-type.js'
import { mapNewColumns } from '../../schema/map-columns.js'
import { schemaToJson } from '../../schema/schema-json.js'
import { checkFeatures } from './check-features.js'

/** A table whose schema changes. */
export interface ChangingTable {
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly location: { readonly runtime: { readonly uuid: () => string } }
}

/**
 * The metadata of a table with a changed schema: columns that are new get a physical name and an id where the table has column mapping.
 *
 * @throws InvalidSchema; UnsupportedFeature for types that the protocol does not have
 */
export function metadataWithSchema(
  { protocol, metadata, location }: ChangingTable,
  schema: StructType,
): { readonly metadata: Metadata; readonly schema: StructType } {
  const mode = columnMappingMode(metadata.configuration)
  checkSchema(schema, mode)
  const mapped = mode === 'none' ? undefined : mapNewColumns(schema, lastId(metadata), location.runtime.uuid)
  const result = mapped?.schema ?? schema
  const after = {
    ...metadata,
    schemaString: schemaToJson(result),
    ...(mapped && {
      configuration: { ...metadata.configuration, [COLUMN_MAPPING_MAX_COLUMN_ID.key]: String(mapped.maxColumnId) },
    }),
  }
  checkFeatures(protocol, metadata, after)
  return { metadata: after, schema: result }
}

function lastId(metadata: Metadata): number {
  return tableProperty(metadata, COLUMN_MAPPING_MAX_COLUMN_ID)
}
