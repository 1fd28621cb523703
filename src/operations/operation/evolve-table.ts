import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { ENABLE_TYPE_WIDENING } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { DataType, StructType } from '../../schema/data-type.js'
import { icebergWidens } from '../../schema/evolve/can-widen.js'
import { evolveSchema } from '../../schema/evolve/evolve-schema.js'
import type { SchemaChange } from '../../schema/evolve/schema-change.js'
import { checkPartitionType } from './check-partition-type.js'
import { type ChangingTable, metadataWithSchema } from './metadata-with-schema.js'

/** A table that has made room for data. */
export interface EvolvedTable {
  readonly metadata: Metadata
  readonly schema: StructType
  /** None where the data has nothing that the table lacks: metadata and schema are then those that the table has. */
  readonly changes: readonly SchemaChange[]
}

/**
 * What a table becomes so that data of another schema fits: missing columns are added at any depth, types are widened where `delta.enableTypeWidening` is true. Writes
 * nothing.
 *
 * @param options `mayWiden: false` keeps the types of columns that are there, whatever the table allows
 * @throws InvalidSchema for a name that the table cannot have; UnsupportedFeature for a type that its protocol does not have
 */
export function evolveTable(
  table: ChangingTable & { readonly schema: StructType },
  incoming: StructType,
  options: { readonly mayWiden?: boolean } = {},
): EvolvedTable {
  const { protocol, metadata, schema: current } = table
  const mayWiden = options.mayWiden === false ? undefined : typeWidening(protocol, metadata)
  const { schema, changes } = evolveSchema(current, incoming, { mayWiden })
  if (changes.length === 0) return { metadata, schema: current, changes }
  for (const each of changes) if (each.change === 'widened') checkPartitionType(metadata, each.path, each.from)
  return { ...metadataWithSchema(table, schema), changes }
}

/** Which type changes a table allows; undefined where it allows none (PROTOCOL.md, "Writer Requirements for Type Widening"). */
export function typeWidening(
  protocol: Protocol,
  metadata: Metadata,
): ((from: DataType, to: DataType) => boolean) | undefined {
  const supported = hasFeature(protocol, 'typeWidening') || hasFeature(protocol, 'typeWidening-preview')
  if (!supported || !tableProperty(metadata, ENABLE_TYPE_WIDENING)) return undefined
  const iceberg = hasFeature(protocol, 'icebergCompatV1') || hasFeature(protocol, 'icebergCompatV2')
  return iceberg ? icebergWidens : () => true
}
