import type { RecordBatch } from 'apache-arrow'
import { arrowSchema } from '../arrow/arrow-schema.js'
import { encodeRows } from '../arrow/encode/encode-rows.js'
import { fileFields, STATE_FIELDS, V2_FIELDS } from '../log/checkpoint/checkpoint-schema.js'
import { writeLastCheckpoint } from '../log/last-checkpoint.js'
import { encodeParquet } from '../parquet/encode-parquet.js'
import type { Action, AddFile, Sidecar } from '../protocol/actions/action.js'
import { hasFeature } from '../protocol/features/protocol-features.js'
import { checkpointKey, LOG_PREFIX } from '../protocol/log-path.js'
import {
  CHECKPOINT_POLICY,
  CHECKPOINT_WRITE_STATS_AS_JSON,
  CHECKPOINT_WRITE_STATS_AS_STRUCT,
  DELETED_FILE_RETENTION_DURATION,
  SET_TRANSACTION_RETENTION_DURATION,
} from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { StructField, StructType } from '../schema/data-type.js'
import { LogSnapshot } from './log-snapshot.js'
import { type ParsedColumns, parsedColumns } from './parsed-columns.js'
import type { Snapshot } from './snapshot.js'
import { readTombstones } from './tombstones.js'

/** Rows that are turned into Arrow at a time. */
const BATCH_ROWS = 16_384
/** File actions of one sidecar. */
const SIDECAR_ROWS = 50_000

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
  const writer = new CheckpointWriter(snapshot, signal)
  const v2 =
    hasFeature(snapshot.protocol, 'v2Checkpoint') && tableProperty(snapshot.metadata, CHECKPOINT_POLICY) === 'v2'
  await (v2 ? writer.writeV2() : writer.writeClassic())
}

class CheckpointWriter {
  readonly #snapshot: Snapshot
  readonly #signal: AbortSignal | undefined
  readonly #now: number
  readonly #parsed: ParsedColumns | undefined
  #actions = 0
  #adds = 0
  #bytes = 0

  constructor(snapshot: Snapshot, signal: AbortSignal | undefined) {
    this.#snapshot = snapshot
    this.#signal = signal
    this.#now = snapshot.location.runtime.clock.now()
    this.#parsed = tableProperty(snapshot.metadata, CHECKPOINT_WRITE_STATS_AS_STRUCT)
      ? parsedColumns(snapshot)
      : undefined
  }

  async writeClassic(): Promise<void> {
    const { version } = this.#snapshot
    const rows = [...(await this.#stateRows()), ...(await this.#fileRows())]
    await this.#put(checkpointKey(version), [...STATE_FIELDS, ...this.#fileFields()], rows)
    await this.#point()
  }

  async writeV2(): Promise<void> {
    const { version, location } = this.#snapshot
    const sidecars: Sidecar[] = []
    const rows = await this.#fileRows()
    for (let start = 0; start < rows.length; start += SIDECAR_ROWS) {
      const path = `${location.runtime.uuid()}.parquet`
      const part = rows.slice(start, start + SIDECAR_ROWS)
      const sizeInBytes = await this.#put(`${LOG_PREFIX}_sidecars/${path}`, this.#fileFields(), part)
      sidecars.push({ type: 'sidecar', path, sizeInBytes, modificationTime: this.#now })
    }
    const rowsAbove = [
      { checkpointMetadata: { version } },
      ...(await this.#stateRows()),
      ...sidecars.map((sidecar) => rowOf(sidecar)),
    ]
    const key = checkpointKey(version).replace(/\.parquet$/, `.${location.runtime.uuid()}.parquet`)
    await this.#put(key, [...STATE_FIELDS, ...V2_FIELDS], rowsAbove)
    await this.#point()
  }

  async #stateRows(): Promise<object[]> {
    const { protocol, metadata } = this.#snapshot
    if (!(this.#snapshot instanceof LogSnapshot))
      throw new TypeError('Only a snapshot that openSnapshot gave can be written.')
    const { transactions, domains } = await this.#snapshot.state(this.#signal)
    const retention = tableProperty(metadata, SET_TRANSACTION_RETENTION_DURATION)
    const oldest = retention === undefined ? Number.NEGATIVE_INFINITY : this.#now - retention
    const rows: object[] = [rowOf(protocol), rowOf(metadata)]
    for (const txn of transactions.values()) if ((txn.lastUpdated ?? this.#now) >= oldest) rows.push(rowOf(txn))
    for (const domain of domains.values()) if (!domain.removed) rows.push(rowOf(domain))
    return rows
  }

  async #fileRows(): Promise<object[]> {
    const { location, version, metadata } = this.#snapshot
    const files = await this.#snapshot.files(this.#signal)
    const rows: object[] = []
    for (const chunk of files.chunks) {
      await chunk.loadStatistics(this.#signal)
      for (let i = 0; i < chunk.length; i++) rows.push(this.#addRow(chunk.addFile(i)))
    }
    this.#adds = rows.length
    const since = this.#now - tableProperty(metadata, DELETED_FILE_RETENTION_DURATION)
    for (const remove of await readTombstones(location, version, since, this.#signal))
      rows.push(rowOf(remove, { dataChange: false }))
    return rows
  }

  #addRow(add: AddFile): object {
    const json = this.#statsAsJson() ? { stats: add.stats } : {}
    return rowOf(add, { dataChange: false, ...json, ...this.#parsed?.values(add) })
  }

  #statsAsJson(): boolean {
    return tableProperty(this.#snapshot.metadata, CHECKPOINT_WRITE_STATS_AS_JSON)
  }

  #fileFields(): readonly StructField[] {
    return fileFields({ statsAsJson: this.#statsAsJson(), parsed: this.#parsed?.types })
  }

  async #put(key: string, fields: readonly StructField[], rows: readonly object[]): Promise<number> {
    const schema: StructType = { type: 'struct', fields }
    const batches: RecordBatch[] = []
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      batches.push(encodeRows(rows.slice(start, start + BATCH_ROWS), schema, start))
    }
    const abort = this.#signal ? { signal: this.#signal } : {}
    const bytes = await encodeParquet(batches, { schema: arrowSchema(schema), ...abort })
    await this.#snapshot.location.store.put(key, bytes, { mode: 'overwrite', ...abort })
    this.#actions += rows.length
    this.#bytes += bytes.byteLength
    return bytes.byteLength
  }

  #point(): Promise<void> {
    const { version, location } = this.#snapshot
    const hint = { version, size: this.#actions, sizeInBytes: this.#bytes, numOfAddFiles: this.#adds }
    return writeLastCheckpoint(location, hint, this.#signal)
  }
}

/** The fields that the columns of a checkpoint have: those of newer writers have none there. */
const NAMES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...STATE_FIELDS, ...V2_FIELDS, ...fileFields({ statsAsJson: false, parsed: undefined })].map(
    ({ name, dataType }) => [name, new Set((dataType as StructType).fields.map((field) => field.name))],
  ),
)

/** The row of one action. */
function rowOf(action: Action, more: object = {}): object {
  const names = NAMES.get(action.type)
  const fields = Object.fromEntries(Object.entries(action).filter(([name]) => names?.has(name)))
  return { [action.type]: { ...fields, ...more } }
}
