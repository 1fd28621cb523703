import { overlayState, type TableState } from '../log/replay/table-state.js'
import type { DomainMetadata, Metadata, Protocol } from '../protocol/actions/action.js'
import { SharedLoad } from '../runtime/shared-load.js'
import type { StructType } from '../schema/data-type.js'
import { parseSchemaJson } from '../schema/schema-json.js'
import type { TableLocation } from '../storage/table-location.js'
import type { LiveFiles } from './files/live-files.js'
import { isRemembered } from './is-remembered.js'
import { heldTombstones, type Tombstones } from './known-tombstones.js'
import { applyChanges, type FileChanges } from './replay/file-changes.js'
import type { FileTotals, Snapshot, VersionSpec } from './snapshot.js'

/** Where the files of a snapshot come from: files that are known or can be read, and what was changed after them. */
export interface FileSource {
  readonly before: LiveFiles | ((signal?: AbortSignal) => Promise<LiveFiles>)
  /** Oldest first. */
  readonly changes: readonly FileChanges[]
}

/** What a snapshot needs to become another one. Handed in, for whoever opens snapshots makes them. */
export interface SnapshotReader {
  open(location: TableLocation, spec: VersionSpec, signal?: AbortSignal): Promise<LogSnapshot>
  refresh(held: LogSnapshot, signal?: AbortSignal): Promise<Snapshot>
}

export interface SnapshotParts {
  readonly location: TableLocation
  readonly version: number
  readonly timestamp: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Reads protocol, metadata, transactions and domains of the version that `overlay` lies upon. */
  readonly baseState: (signal?: AbortSignal) => Promise<TableState>
  /** What later commits changed of that state. */
  readonly overlay: TableState
  readonly files: FileSource
  /** Where they are known without the files. */
  readonly totals?: FileTotals | undefined
  /** Where they are known without the log. */
  readonly tombstones?: Tombstones | undefined
  /** Parsed `metadata.schemaString`, where that was done before. */
  readonly schema?: StructType | undefined
  readonly reader: SnapshotReader
}

/** The snapshot of a log. What it does not hold yet it reads when asked for. */
export class LogSnapshot implements Snapshot {
  readonly location: TableLocation
  readonly version: number
  readonly timestamp: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly overlay: TableState
  readonly baseState: SnapshotParts['baseState']
  readonly reader: SnapshotReader
  readonly readAt: number
  #source: FileSource
  readonly #totals: FileTotals | undefined
  #tombstones: Tombstones | undefined
  #parsedSchema: StructType | undefined
  readonly #files = new SharedLoad((signal) => this.#readFiles(signal))

  constructor(parts: SnapshotParts) {
    this.location = parts.location
    this.version = parts.version
    this.timestamp = parts.timestamp
    this.protocol = parts.protocol
    this.metadata = parts.metadata
    this.baseState = parts.baseState
    this.overlay = parts.overlay
    this.reader = parts.reader
    this.readAt = parts.location.runtime.clock.now()
    this.#source = parts.files
    this.#totals = parts.totals
    this.#tombstones = parts.tombstones
    this.#parsedSchema = parts.schema
  }

  get schema(): StructType {
    this.#parsedSchema ??= parseSchemaJson(this.metadata.schemaString)
    return this.#parsedSchema
  }

  /** The schema if it was parsed already. */
  get parsedSchema(): StructType | undefined {
    return this.#parsedSchema
  }

  /** The totals where they are known without reading anything. */
  get knownTotals(): FileTotals | undefined {
    const { before, changes } = this.#source
    return this.#totals ?? (typeof before !== 'function' && changes.length === 0 ? before : undefined)
  }

  /** The tombstones where they are known without reading anything. */
  get knownTombstones(): Tombstones | undefined {
    return this.#tombstones
  }

  /** Takes note of the tombstones that were read, for this version and those that are advanced from it. */
  rememberTombstones(tombstones: Tombstones): void {
    this.#tombstones = heldTombstones(tombstones)
  }

  /** What the files of the next version are worked out from: the files themselves once they are known. */
  get source(): FileSource {
    return this.#source
  }

  files(signal?: AbortSignal): Promise<LiveFiles> {
    return this.#files.get(signal)
  }

  async totals(signal?: AbortSignal): Promise<FileTotals> {
    const { numFiles, sizeInBytes } = this.#totals ?? (await this.files(signal))
    return { numFiles, sizeInBytes }
  }

  async transactionVersion(appId: string, signal?: AbortSignal): Promise<number | bigint | undefined> {
    const recent = this.overlay.transactions.get(appId)
    const found = recent ?? (await this.baseState(signal)).transactions.get(appId)
    const isRememberedNow = isRemembered(this.metadata, this.location.runtime.clock.now())
    return found !== undefined && isRememberedNow(found) ? found.version : undefined
  }

  async domainMetadata(signal?: AbortSignal): Promise<ReadonlyMap<string, DomainMetadata>> {
    const { domains } = await this.state(signal)
    return new Map([...domains].filter(([, domain]) => !domain.removed))
  }

  /** Protocol, metadata, transactions and domains, removed domains included. */
  async state(signal?: AbortSignal): Promise<TableState> {
    return overlayState(await this.baseState(signal), this.overlay)
  }

  refresh(signal?: AbortSignal): Promise<Snapshot> {
    return this.reader.refresh(this, signal)
  }

  async #readFiles(signal: AbortSignal | undefined): Promise<LiveFiles> {
    const { before, changes } = this.#source
    const files = applyChanges(typeof before === 'function' ? await before(signal) : before, changes)
    // Nothing of what they were worked out from is held any longer.
    this.#source = { before: files, changes: [] }
    return files
  }
}
