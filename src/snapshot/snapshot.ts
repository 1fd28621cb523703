import type { DomainMetadata, Metadata, Protocol } from '../protocol/actions/action.js'
import type { StructType } from '../schema/data-type.js'
import type { TableLocation } from '../storage/table-location.js'
import type { FileList } from './file-list.js'

/** The live files of a version, counted. */
export interface FileTotals {
  readonly numFiles: number
  /** Sum of the sizes, in bytes. */
  readonly sizeInBytes: number
}

/** One version of a table: immutable. Protocol and metadata are there at once; the file list is read when first asked for. */
export interface Snapshot {
  readonly location: TableLocation
  readonly version: number
  /** When this version was committed, in milliseconds since the epoch: in-commit timestamp, else the commit file's time, made monotonic. */
  readonly timestamp: number
  /** When this was last known to be the newest version, by our clock: milliseconds since the epoch. Of no meaning where an older version was asked for. */
  readonly readAt: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Parsed `metadata.schemaString`: logical names, column mapping in the fields' metadata. */
  readonly schema: StructType
  /** Read once, then kept. */
  files(signal?: AbortSignal): Promise<FileList>
  /** From the version checksum where there is one, else from {@link Snapshot.files}. */
  totals(signal?: AbortSignal): Promise<FileTotals>
  /** The latest version committed under an application id, undefined where there is none. Reads no AddFile. */
  transactionVersion(appId: string, signal?: AbortSignal): Promise<number | bigint | undefined>
  /** Domains that are not removed. */
  domainMetadata(signal?: AbortSignal): Promise<ReadonlyMap<string, DomainMetadata>>
  /** This snapshot if nothing is newer, else the newest version, sharing what is equal; reads only newer commits. */
  refresh(signal?: AbortSignal): Promise<Snapshot>
}

/** What to open: a version, an instant (the last version at or before it), or the latest. */
export type VersionSpec = { readonly version: number } | { readonly timestamp: string | Date } | Record<string, never>
