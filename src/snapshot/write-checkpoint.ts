import { hasFeature } from '../protocol/features/protocol-features.js'
import { CHECKPOINT_POLICY } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { CheckpointWriter } from './checkpoint/checkpoint-writer.js'
import { LogSnapshot } from './log-snapshot.js'
import type { Snapshot } from './snapshot.js'

export interface WriteCheckpointOptions {
  readonly signal?: AbortSignal
  /** Tables that may have sidecars and do not say which checkpoints they want get V2 ones from so many files on. Default 500,000. */
  readonly sidecarsFrom?: number
}

/**
 * Writes a checkpoint of a version (PROTOCOL.md, "Checkpoints"): classic, or V2 with sidecars where `delta.checkpointPolicy` says so, or leaves the choice and there are many
 * files, and points `_last_checkpoint` at it. Tombstones and transactions past their retention are left out.
 *
 * @throws StorageUnavailable, StorageFull; the table is as good as before then
 */
export async function writeCheckpoint(
  snapshot: Snapshot,
  { signal, sidecarsFrom = MANY_FILES }: WriteCheckpointOptions = {},
): Promise<void> {
  if (!(snapshot instanceof LogSnapshot)) throw new TypeError('Only a snapshot that openSnapshot gave can be written.')
  const writer = new CheckpointWriter(snapshot, signal)
  await ((await wantsSidecars(snapshot, sidecarsFrom, signal)) ? writer.writeV2() : writer.writeClassic())
}

/** One file of so many actions takes long to write, and all of it is written anew each time. */
const MANY_FILES = 500_000

async function wantsSidecars(snapshot: Snapshot, from: number, signal: AbortSignal | undefined): Promise<boolean> {
  const { protocol, metadata } = snapshot
  if (!hasFeature(protocol, 'v2Checkpoint')) return false
  if (metadata.configuration[CHECKPOINT_POLICY.key] !== undefined)
    return tableProperty(metadata, CHECKPOINT_POLICY) === 'v2'
  return (await snapshot.totals(signal)).numFiles >= from
}
