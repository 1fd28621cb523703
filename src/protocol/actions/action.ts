import type { JsonValue } from '../../schema/data-type.js'

/**
 * The actions of the transaction log (PROTOCOL.md, "Actions"), one interface each, discriminated by `type`. The other
 * fields bear the names of the log's JSON; fields that a newer writer added are kept as further properties and are
 * written back. Sizes and times are numbers (bytes, milliseconds since the epoch).
 */
export type Action =
  | Protocol
  | Metadata
  | AddFile
  | RemoveFile
  | AddCdcFile
  | SetTransaction
  | CommitInfo
  | DomainMetadata
  | CheckpointMetadata
  | Sidecar

/** PROTOCOL.md, "Protocol Evolution". */
export interface Protocol {
  readonly type: 'protocol'
  readonly minReaderVersion: number
  readonly minWriterVersion: number
  /** Present exactly when minReaderVersion is 3. */
  readonly readerFeatures?: readonly string[]
  /** Present exactly when minWriterVersion is 7. */
  readonly writerFeatures?: readonly string[]
}

/** PROTOCOL.md, "Change Metadata". */
export interface Metadata {
  readonly type: 'metaData'
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly format: { readonly provider: string; readonly options?: { readonly [key: string]: string } }
  /** The schema as Delta's JSON text; parse it with schema/. */
  readonly schemaString: string
  /** Logical names. */
  readonly partitionColumns: readonly string[]
  readonly configuration: { readonly [key: string]: string }
  readonly createdTime?: number
}

/** PROTOCOL.md, "Deletion Vectors", "Deletion Vector Descriptor Schema". */
export interface DeletionVectorDescriptor {
  /** `u`: relative path derived from a UUID; `i`: inline; `p`: absolute path. */
  readonly storageType: 'u' | 'i' | 'p'
  readonly pathOrInlineDv: string
  readonly offset?: number
  readonly sizeInBytes: number
  readonly cardinality: number
}

/** Partition values by physical column name, serialised as PROTOCOL.md, "Partition Value Serialization", says. */
export interface PartitionValues {
  readonly [physicalName: string]: string | null
}

/** PROTOCOL.md, "Add File". */
export interface AddFile {
  readonly type: 'add'
  /** As in the log: percent-encoded, relative to the table root or an absolute URL. */
  readonly path: string
  readonly partitionValues: PartitionValues
  readonly size: number
  readonly modificationTime: number
  readonly dataChange: boolean
  /** JSON text, see protocol/statistics. */
  readonly stats?: string
  readonly tags?: { readonly [key: string]: string | null }
  readonly deletionVector?: DeletionVectorDescriptor
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
  readonly clusteringProvider?: string
}

/** PROTOCOL.md, "Remove File". */
export interface RemoveFile {
  readonly type: 'remove'
  readonly path: string
  readonly deletionTimestamp?: number
  readonly dataChange: boolean
  readonly extendedFileMetadata?: boolean
  readonly partitionValues?: PartitionValues
  readonly size?: number
  readonly stats?: string
  readonly tags?: { readonly [key: string]: string | null }
  readonly deletionVector?: DeletionVectorDescriptor
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
}

/** PROTOCOL.md, "Add CDC File". */
export interface AddCdcFile {
  readonly type: 'cdc'
  readonly path: string
  readonly partitionValues: PartitionValues
  readonly size: number
  readonly dataChange: false
  readonly tags?: { readonly [key: string]: string | null }
}

/** PROTOCOL.md, "Transaction Identifiers". */
export interface SetTransaction {
  readonly type: 'txn'
  readonly appId: string
  /** The application's own number: a `bigint` only beyond 2^53 (times in nanoseconds, say). The two compare with `<` as they are. */
  readonly version: number | bigint
  readonly lastUpdated?: number
}

/** PROTOCOL.md, "Commit Provenance Information". Free-form; these are the fields that lakewright reads or writes. */
export interface CommitInfo {
  readonly type: 'commitInfo'
  /** Milliseconds since the epoch. */
  readonly timestamp?: number
  /** Present on tables with in-commit timestamps, then the first action of the commit. */
  readonly inCommitTimestamp?: number
  readonly operation?: string
  readonly operationParameters?: { readonly [name: string]: JsonValue }
  readonly operationMetrics?: { readonly [name: string]: JsonValue }
  readonly engineInfo?: string
  readonly readVersion?: number
  readonly isolationLevel?: string
  readonly isBlindAppend?: boolean
  /** Identifies the attempt: decides after a lost reply whether a commit is ours. */
  readonly txnId?: string
  readonly [name: string]: JsonValue | undefined
}

/** PROTOCOL.md, "Domain Metadata". */
export interface DomainMetadata {
  readonly type: 'domainMetadata'
  readonly domain: string
  readonly configuration: string
  readonly removed: boolean
}

/** PROTOCOL.md, "Checkpoint Metadata": only inside a V2 checkpoint. */
interface CheckpointMetadata {
  readonly type: 'checkpointMetadata'
  readonly version: number
  readonly tags?: { readonly [key: string]: string }
}

/** PROTOCOL.md, "Sidecar File Information": only inside a V2 checkpoint. */
export interface Sidecar {
  readonly type: 'sidecar'
  /** A file name in `_delta_log/_sidecars`, or an absolute path. */
  readonly path: string
  readonly sizeInBytes: number
  readonly modificationTime: number
  readonly tags?: { readonly [key: string]: string }
}
