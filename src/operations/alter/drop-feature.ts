import { DeltaError } from '../../errors/delta-error.js'
import { nearestName } from '../../errors/nearest-name.js'
import type { Metadata } from '../../protocol/actions/action.js'
import { downgradeProtocol } from '../../protocol/features/downgrade-protocol.js'
import { tableFeature } from '../../protocol/features/feature-registry.js'
import { hasFeature, readerFeatures, writerFeatures } from '../../protocol/features/protocol-features.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import { CHECKPOINT_PROTECTION_VERSION } from '../../protocol/properties/table-properties.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { writeCheckpoint } from '../../snapshot/write-checkpoint.js'
import { DROPPABLE_FEATURES, type DroppableFeature } from './droppable-features.js'
import { losesColumnMapping, removeColumnMapping } from './remove-column-mapping.js'
import type { AlteredTable, TableChange } from './table-change.js'

/**
 * Takes a feature out of the protocol, so that engines that lack it can open the table again. Its properties go with it.
 *
 * Of a feature that readers must know, older versions may have traces: a checkpoint without them is written before it goes, and the feature `checkpointProtection`, which binds writers alone, keeps
 * that checkpoint, as Spark does it.
 *
 * @throws InvalidArgument for a feature that the table does not list, that cannot be dropped, or that is still needed: the message says by what
 */
export function dropFeature(name: string): TableChange {
  return async (snapshot, options) => {
    const { signal } = options
    const feature = droppable(snapshot, name)
    const needed = await feature.neededBy?.(snapshot, signal)
    if (needed !== undefined) throw refused(snapshot, name, `${needed}.`)
    const metadata = without(snapshot.metadata, feature.properties)
    const operation = { operation: 'DROP FEATURE', operationParameters: { featureName: name, truncateHistory: false } }
    // Nobody may bring back what was looked for and not found.
    const read = { read: { wholeTable: true }, isolation: 'Serializable' } as const
    if (!readerFeatures(snapshot.protocol).includes(name)) {
      const protocol = downgradeProtocol(snapshot.protocol, name)
      const actions = (await feature.withdraw?.(snapshot, signal)) ?? []
      return { ...operation, ...read, protocol, actions, ...(metadata !== snapshot.metadata && { metadata }) }
    }
    if (metadata !== snapshot.metadata) {
      const unset = propertiesFirst(metadata, feature.properties, read)
      if (!losesColumnMapping(snapshot, metadata)) return unset
      return { ...unset, ...(await removeColumnMapping(snapshot, metadata, options)) }
    }
    await writeCheckpoint(snapshot, signal === undefined ? {} : { signal })
    const protocol = upgradeProtocol(downgradeProtocol(snapshot.protocol, name), ['checkpointProtection'])
    return { ...operation, ...read, protocol, metadata: protectedBefore(metadata, snapshot.version + 1) }
  }
}

/** From this version on nobody makes new traces. */
function propertiesFirst(metadata: Metadata, keys: readonly string[], read: Partial<AlteredTable>): AlteredTable {
  return {
    operation: 'UNSET TBLPROPERTIES',
    operationParameters: { properties: [...keys], ifExists: true },
    metadata,
    ...read,
    isUnfinished: true,
  }
}

function protectedBefore(metadata: Metadata, version: number): Metadata {
  return {
    ...metadata,
    configuration: { ...metadata.configuration, [CHECKPOINT_PROTECTION_VERSION.key]: String(version) },
  }
}

function without(metadata: Metadata, keys: readonly string[]): Metadata {
  const left = Object.entries(metadata.configuration).filter(([key]) => !keys.includes(key))
  const isSame = left.length === Object.keys(metadata.configuration).length
  return isSame ? metadata : { ...metadata, configuration: Object.fromEntries(left) }
}

function droppable(snapshot: Snapshot, name: string): DroppableFeature {
  const { protocol, location } = snapshot
  const present = writerFeatures(protocol)
  if (!hasFeature(protocol, name)) {
    const nearest = nearestName(name, present)
    const help = nearest === undefined ? `It has ${present.join(', ')}.` : `Did you mean ${nearest}?`
    throw new DeltaError(
      'InvalidArgument',
      `The protocol of ${location.url} does not have the feature '${name}'. ${help}`,
      {
        details: { table: location.url, features: [name] },
      },
    )
  }
  const dependent = present.find((other) => tableFeature(other)?.requires.includes(name))
  if (dependent !== undefined) throw refused(snapshot, name, `'${dependent}' requires it.`)
  const feature = DROPPABLE_FEATURES.get(name)
  if (feature !== undefined) return feature
  throw refused(snapshot, name, `only ${[...DROPPABLE_FEATURES.keys()].join(', ')} can be dropped.`)
}

function refused({ location }: Snapshot, name: string, why: string): DeltaError {
  return new DeltaError('InvalidArgument', `The feature '${name}' of ${location.url} cannot be dropped: ${why}`, {
    details: { table: location.url, features: [name] },
  })
}
