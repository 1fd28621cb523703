import type { ObjectMeta } from '../storage/object-store.js'

/** A file of the log that belongs to one version: a commit or a checksum. */
export interface LogFile extends ObjectMeta {
  readonly version: number
}

/** A log compaction file: what the commits of `version` to `endVersion` come to. */
export interface CompactionFile extends LogFile {
  readonly endVersion: number
}

/** A checkpoint whose files are all there (PROTOCOL.md, "Checkpoints"). */
export interface CheckpointFiles {
  readonly version: number
  /** Of the top level; sidecars are always Parquet. */
  readonly format: 'parquet' | 'json'
  /** One file, or all parts of a multi-part checkpoint in order. */
  readonly files: readonly ObjectMeta[]
}

/** The files of the log that one version is made of: a checkpoint, if there is one, and every commit after it. */
export interface LogSegment {
  readonly version: number
  readonly checkpoint: CheckpointFiles | undefined
  /** `checkpoint.version + 1` (0 without a checkpoint) to `version`, without a gap. */
  readonly commits: readonly LogFile[]
  /** Log compaction files of some of the commits. */
  readonly compactions: readonly CompactionFile[]
  /** The commit that the checkpoint was made of, while it is still there. */
  readonly checkpointCommit: LogFile | undefined
  /** The newest version checksum not older than the checkpoint and not newer than `version`. */
  readonly checksum: LogFile | undefined
}
