import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import { askedProtocol } from '../../protocol/features/asked-protocol.js'
import { neededFeatures } from '../../protocol/features/needed-features.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import { checkProperties } from '../../protocol/properties/check-properties.js'
import { COLUMN_MAPPING_MAX_COLUMN_ID, ENABLE_ROW_TRACKING } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { columnMappingMode } from '../../schema/column-mapping.js'
import { mapStoredColumns } from '../../schema/map-columns.js'
import { schemaToJson } from '../../schema/schema-json.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkSettable, checkTransitions } from './check-settable.js'
import { enableRowTracking } from './enable-row-tracking.js'
import { losesColumnMapping, removeColumnMapping } from './remove-column-mapping.js'
import type { AlteredTable, TableChange } from './table-change.js'

/**
 * Sets table properties. Those that turn a feature on (`delta.enableDeletionVectors`, `delta.columnMapping.mode`, ...), `delta.feature.<name> = supported`, `delta.minReaderVersion` and
 * `delta.minWriterVersion` upgrade the protocol of the table.
 *
 * @throws InvalidArgument for a property or value that there is not, one that writers keep for themselves, or a change that the table cannot make; UnsupportedFeature for what
 * lakewright could not write to afterwards
 */
export function setProperties(properties: { readonly [key: string]: string }): TableChange {
  const checked = checkProperties(properties)
  checkSettable(Object.keys(checked))
  return async (snapshot, options) => {
    const asked = askedProtocol(checked)
    const { metadata: before } = snapshot
    const configured = { ...before, configuration: { ...before.configuration, ...asked.stored } }
    const metadata = withColumnMapping(snapshot, configured)
    checkTransitions(snapshot, metadata)
    const others = neededFeatures(without(before, Object.keys(checked)))
    const features = neededFeatures(metadata).filter((name) => !others.includes(name))
    const protocol = upgradeProtocol(snapshot.protocol, [...features, ...asked.features], asked)
    checkNotBoth(protocol, metadata)
    const operation = { operation: 'SET TBLPROPERTIES', operationParameters: { properties: checked } }
    const changedProtocol = protocol !== snapshot.protocol && { protocol }
    const alter = async (): Promise<AlteredTable> =>
      losesColumnMapping(snapshot, metadata)
        ? { ...operation, ...changedProtocol, ...(await removeColumnMapping(snapshot, metadata, options)) }
        : changed(snapshot, { ...operation, metadata, protocol })
    const tracksRows = tableProperty(metadata, ENABLE_ROW_TRACKING) && !tableProperty(before, ENABLE_ROW_TRACKING)
    return tracksRows ? enableRowTracking(snapshot, alter, options) : alter()
  }
}

function without(metadata: Metadata, keys: readonly string[]): Metadata {
  const others = Object.entries(metadata.configuration).filter(([key]) => !keys.includes(key))
  return { ...metadata, configuration: Object.fromEntries(others) }
}

/** Only what differs is committed. */
function changed({ metadata, protocol }: Snapshot, altered: AlteredTable): AlteredTable {
  const { metadata: wanted, protocol: least, ...operation } = altered
  const isSame = JSON.stringify(wanted?.configuration) === JSON.stringify(metadata.configuration)
  return {
    ...operation,
    ...(wanted !== undefined && !(isSame && wanted.schemaString === metadata.schemaString) && { metadata: wanted }),
    ...(least !== undefined && least !== protocol && { protocol: least }),
  }
}

/** Columns of a table that turns column mapping on get ids; in the files that are there they have the names that they have now. */
function withColumnMapping(snapshot: Snapshot, metadata: Metadata): Metadata {
  const { schema } = snapshot
  const asked = (metadata.configuration['delta.columnMapping.mode'] ?? 'none').toLowerCase()
  const current = columnMappingMode(snapshot.metadata.configuration)
  if (asked === current || asked === 'none') return metadata
  if (current !== 'none' || asked === 'id') {
    throw new DeltaError(
      'InvalidArgument',
      `Column mapping cannot change from ${current} to ${asked}: data files would have to be written anew. A table with files can only go from none to name, and back to none.`,
      { details: { from: current, to: asked } },
    )
  }
  const mapped = mapStoredColumns(schema, tableProperty(metadata, COLUMN_MAPPING_MAX_COLUMN_ID))
  return {
    ...metadata,
    schemaString: schemaToJson(mapped.schema),
    configuration: { ...metadata.configuration, [COLUMN_MAPPING_MAX_COLUMN_ID.key]: String(mapped.maxColumnId) },
  }
}

/** PROTOCOL.md, "Clustered Table". */
function checkNotBoth(protocol: Protocol, { partitionColumns }: Metadata): void {
  if (partitionColumns.length === 0 || !hasFeature(protocol, 'clustering')) return
  throw new DeltaError(
    'InvalidArgument',
    `The table is partitioned by ${partitionColumns.join(', ')}: a table cannot be clustered as well.`,
    { details: { columns: partitionColumns } },
  )
}
