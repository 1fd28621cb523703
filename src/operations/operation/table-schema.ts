import type { Metadata } from '../../protocol/actions/action.js'
import { COLUMN_MAPPING_MAX_COLUMN_ID, COLUMN_MAPPING_MODE } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { checkPartitionColumns, checkSchema } from '../../schema/check-schema.js'
import type { StructType } from '../../schema/data-type.js'
import { mapColumns, unmapColumns } from '../../schema/map-columns.js'
import { schemaToJson } from '../../schema/schema-json.js'

/** What metadata says of a schema that no file was written with yet. */
export interface TableSchema extends Pick<Metadata, 'schemaString' | 'partitionColumns' | 'configuration'> {
  readonly schema: StructType
}

/**
 * Checks a new schema and its partition columns, and gives the columns physical names where the table has column mapping.
 *
 * @param configuration the properties of the table
 * @throws InvalidSchema, UnknownColumn, AmbiguousColumn
 */
export function tableSchema(
  schema: StructType,
  partitionBy: readonly string[],
  configuration: Metadata['configuration'],
  uuid: () => string,
): TableSchema {
  const mode = tableProperty({ configuration }, COLUMN_MAPPING_MODE)
  checkSchema(schema, mode)
  const partitionColumns = checkPartitionColumns(schema, partitionBy)
  if (mode === 'none') {
    const unmapped = unmapColumns(schema)
    return { schema: unmapped, schemaString: schemaToJson(unmapped), partitionColumns, configuration }
  }
  const mapped = mapColumns(schema, tableProperty({ configuration }, COLUMN_MAPPING_MAX_COLUMN_ID), uuid)
  return {
    schema: mapped.schema,
    schemaString: schemaToJson(mapped.schema),
    partitionColumns,
    configuration: { ...configuration, [COLUMN_MAPPING_MAX_COLUMN_ID.key]: String(mapped.maxColumnId) },
  }
}
