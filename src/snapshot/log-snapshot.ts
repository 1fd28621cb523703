import type { CommitActions } from '../log/replay/commit-actions.js'
import { foldFiles } from '../log/replay/file-changes.js'
import { overlayState, type TableState } from '../log/replay/table-state.js'
import type { DomainMetadata, Metadata, Protocol } from '../protocol/actions/action.js'
import type { StructType } from '../schema/data-type.js'
import { parseSchemaJson } from '../schema/schema-json.js'
import type { TableLocation } from '../storage/table-location.js'
import type { FileList } from './file-list.js'
import type { LiveFiles } from './live-files.js'
import type { Snapshot, VersionSpec } from './snapshot.js'
import type { SnapshotBase } from './snapshot-base.js'

/** Where the files of a snapshot come from: files known before, or those of the base, and the commits after them. */
export interface FileSource {
  readonly known?: LiveFiles | undefined
  /** Oldest first. */
  readonly tail: readonly CommitActions[]
}

/** What a snapshot needs to become another one. Handed in, for whoever opens snapshots makes them. */
export interface SnapshotReader {
  open(
    location: TableLocation,
    spec: VersionSpec,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<LogSnapshot>
  refresh(held: LogSnapshot, signal?: AbortSignal): Promise<Snapshot>
}

export interface SnapshotParts {
  readonly location: TableLocation
  readonly version: number
  readonly timestamp: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Parsed `metadata.schemaString`, where that was done before. */
  readonly schema?: StructType
  readonly base: SnapshotBase
  /** What the commits after the base changed of its state. */
  readonly overlay: TableState
  readonly source: FileSource
  readonly reader: SnapshotReader
}

/** The snapshot that everything but tests uses: a base and the commits after it. */
export class LogSnapshot implements Snapshot {
  readonly location: TableLocation
  readonly version: number
  readonly timestamp: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly base: SnapshotBase
  readonly overlay: TableState
  readonly reader: SnapshotReader
  #source: FileSource
  #schema: StructType | undefined
  #files: Promise<LiveFiles> | undefined

  constructor(parts: SnapshotParts) {
    this.location = parts.location
    this.version = parts.version
    this.timestamp = parts.timestamp
    this.protocol = parts.protocol
    this.metadata = parts.metadata
    this.base = parts.base
    this.overlay = parts.overlay
    this.reader = parts.reader
    this.#source = parts.source
    this.#schema = parts.schema
  }

  get schema(): StructType {
    this.#schema ??= parseSchemaJson(this.metadata.schemaString)
    return this.#schema
  }

  /** What the files of the next version are worked out from; the files themselves once they were read. */
  get source(): FileSource {
    return this.#source
  }

  /** A read that failed is tried again when somebody asks again. */
  files(signal?: AbortSignal): Promise<FileList> {
    this.#files ??= this.#readFiles(signal).catch((error: unknown) => {
      this.#files = undefined
      throw error
    })
    return this.#files
  }

  async transactionVersion(appId: string, signal?: AbortSignal): Promise<number | bigint | undefined> {
    const recent = this.overlay.transactions.get(appId)
    return (recent ?? (await this.base.state(signal)).transactions.get(appId))?.version
  }

  async domainMetadata(signal?: AbortSignal): Promise<ReadonlyMap<string, DomainMetadata>> {
    const { domains } = await this.state(signal)
    return new Map([...domains].filter(([, domain]) => !domain.removed))
  }

  /** Protocol, metadata, transactions and domains, removed domains included. */
  async state(signal?: AbortSignal): Promise<TableState> {
    return overlayState(await this.base.state(signal), this.overlay)
  }

  refresh(signal?: AbortSignal): Promise<Snapshot> {
    return this.reader.refresh(this, signal)
  }

  async #readFiles(signal: AbortSignal | undefined): Promise<LiveFiles> {
    const { known, tail } = this.#source
    const before = known ?? (await this.base.files(signal))
    const files = tail.length === 0 ? before : before.apply(foldFiles(tail))
    this.#source = { known: files, tail: [] }
    return files
  }
}
