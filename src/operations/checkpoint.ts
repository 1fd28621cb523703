import { checkWritable } from '../protocol/features/check-protocol.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { writeCheckpoint } from '../snapshot/write-checkpoint.js'
import type { OperationOptions } from './operation/operation-options.js'

export interface CheckpointResult {
  /** The version that the checkpoint holds. */
  readonly version: number
}

/** Writes a checkpoint of a version, so that readers need not replay the commits before it. Commits do this by themselves every `delta.checkpointInterval` versions. */
export async function checkpoint(snapshot: Snapshot, { signal }: OperationOptions): Promise<CheckpointResult> {
  checkWritable(snapshot.protocol, snapshot.metadata)
  await writeCheckpoint(snapshot, signal === undefined ? {} : { signal })
  return { version: snapshot.version }
}
