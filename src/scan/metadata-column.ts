import { DeltaError } from '../errors/delta-error.js'
import type { Metadata, Protocol } from '../protocol/actions/action.js'
import { hasFeature } from '../protocol/features/protocol-features.js'
import { ENABLE_ROW_TRACKING } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { StructField, StructType } from '../schema/data-type.js'

/** The name under which a scan delivers what is known of a row beside its columns; no part of any table's schema. */
const METADATA_COLUMN = '_metadata'

const LONG = { type: 'long' } as const

/** `_metadata STRUCT<row_id: BIGINT, row_commit_version: BIGINT>`: the row's id, and the version that last changed it. */
const FIELD: StructField = {
  name: METADATA_COLUMN,
  dataType: {
    type: 'struct',
    fields: [
      { name: 'row_id', dataType: LONG, nullable: true, metadata: {} },
      { name: 'row_commit_version', dataType: LONG, nullable: true, metadata: {} },
    ],
  },
  nullable: false,
  metadata: {},
}

export function isMetadataColumn(field: StructField): boolean {
  return field === FIELD
}

/**
 * The schema with `_metadata`, for those who ask for it by name (PROTOCOL.md, "Row Tracking", "Reader Requirements for Row Tracking"). A column of the
 * table that has the name comes first.
 *
 * @throws UnknownColumn where the table does not track rows; InvalidArgument, for callers without types, where the names are no list of texts
 */
export function withMetadataColumn(
  schema: StructType,
  { protocol, metadata }: { readonly protocol: Protocol; readonly metadata: Metadata },
  names: readonly string[],
): StructType {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    throw new DeltaError('InvalidArgument', "Columns are asked for by a list of their names, as in columns: ['id'].")
  }
  const isNamed = (name: string): boolean => name.toLowerCase() === METADATA_COLUMN
  if (!names.some(isNamed) || schema.fields.some(({ name }) => isNamed(name))) return schema
  if (!hasFeature(protocol, 'rowTracking') || !tableProperty(metadata, ENABLE_ROW_TRACKING)) {
    throw new DeltaError(
      'UnknownColumn',
      'There is no column "_metadata": the table does not track rows. Only tables with the property delta.enableRowTracking have row ids.',
      { details: { column: METADATA_COLUMN } },
    )
  }
  return { type: 'struct', fields: [...schema.fields, FIELD] }
}
