import { hasFeature } from '../protocol/features/protocol-features.js'
import { CHECKPOINT_POLICY } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { CheckpointWriter } from './checkpoint/checkpoint-writer.js'
import { LogSnapshot } from './log-snapshot.js'
import type { Snapshot } from './snapshot.js'

/**
 * Writes a checkpoint of a version (PROTOCOL.md, "Checkpoints"): classic, or V2 with sidecars where `delta.checkpointPolicy` says so, and points
 * `_last_checkpoint` at it. Tombstones and transactions past their retention are left out.
 *
 * @throws StorageUnavailable, StorageFull; the table is as good as before then
 */
export async function writeCheckpoint(
  snapshot: Snapshot,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  if (!(snapshot instanceof LogSnapshot)) throw new TypeError('Only a snapshot that openSnapshot gave can be written.')
  const writer = new CheckpointWriter(snapshot, signal)
  const isV2 =
    hasFeature(snapshot.protocol, 'v2Checkpoint') && tableProperty(snapshot.metadata, CHECKPOINT_POLICY) === 'v2'
  await (isV2 ? writer.writeV2() : writer.writeClassic())
}
