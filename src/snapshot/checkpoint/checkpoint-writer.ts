import type { RecordBatch } from 'apache-arrow'
import { arrowSchema } from '../../arrow/arrow-schema.js'
import { encodeRows } from '../../arrow/encode/encode-rows.js'
import { classicFields, fileFields, STATE_FIELDS, V2_FIELDS } from '../../log/checkpoint/checkpoint-schema.js'
import { writeLastCheckpoint } from '../../log/last-checkpoint.js'
import { ParquetWriter } from '../../parquet/parquet-writer.js'
import type { Action, Sidecar } from '../../protocol/actions/action.js'
import { checkpointKey, LOG_PREFIX } from '../../protocol/log-path.js'
import {
  CHECKPOINT_WRITE_STATS_AS_JSON,
  CHECKPOINT_WRITE_STATS_AS_STRUCT,
  DELETED_FILE_RETENTION_DURATION,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { StructField } from '../../schema/data-type.js'
import { isRemembered } from '../is-remembered.js'
import type { LogSnapshot } from '../log-snapshot.js'
import { actionRow } from './action-row.js'
import { addBatches, removeBatches } from './checkpoint-rows.js'
import { type ParsedColumns, parsedColumns } from './parsed-columns.js'
import { readTombstones } from './read-tombstones.js'

/** Rows of a row group: readers decode row groups side by side. */
const ROW_GROUP_ROWS = 1 << 16
/** File actions of one sidecar, more or less. */
const SIDECAR_ROWS = 250_000

/** Writes the checkpoint of one version. */
export class CheckpointWriter {
  readonly #snapshot: LogSnapshot
  readonly #signal: AbortSignal | undefined
  readonly #now: number
  readonly #parsed: ParsedColumns | undefined
  readonly #fileFields: readonly StructField[]
  #actions = 0
  #bytes = 0

  constructor(snapshot: LogSnapshot, signal: AbortSignal | undefined) {
    const { metadata } = snapshot
    this.#snapshot = snapshot
    this.#signal = signal
    this.#now = snapshot.location.runtime.clock.now()
    this.#parsed = tableProperty(metadata, CHECKPOINT_WRITE_STATS_AS_STRUCT) ? parsedColumns(snapshot) : undefined
    const statsAsJson = tableProperty(metadata, CHECKPOINT_WRITE_STATS_AS_JSON)
    this.#fileFields = fileFields({ statsAsJson, parsed: this.#parsed?.types })
  }

  /** One file (PROTOCOL.md, "Classic checkpoint", "V1 Spec"). */
  async writeClassic(): Promise<void> {
    const fields = classicFields(this.#fileFields)
    const writer = this.#parquetWriter(fields)
    await writer.add(this.#stateBatch(await this.#stateActions(), fields))
    for await (const batch of this.#fileBatches(fields)) await writer.add(batch)
    await this.#put(checkpointKey(this.#snapshot.version), writer)
    await this.#pointAt()
  }

  /** Sidecars, and a top level that names them (PROTOCOL.md, "UUID-named checkpoint", "V2 Spec"). */
  async writeV2(): Promise<void> {
    const { version, location } = this.#snapshot
    const sidecars: Sidecar[] = []
    let writer = this.#parquetWriter(this.#fileFields)
    const finishSidecar = async (): Promise<void> => {
      const path = `${location.runtime.uuid()}.parquet`
      const sizeInBytes = await this.#put(`${LOG_PREFIX}_sidecars/${path}`, writer)
      sidecars.push({ type: 'sidecar', path, sizeInBytes, modificationTime: this.#now })
      writer = this.#parquetWriter(this.#fileFields)
    }
    for await (const batch of this.#fileBatches(this.#fileFields)) {
      await writer.add(batch)
      if (writer.numRows >= SIDECAR_ROWS) await finishSidecar()
    }
    if (writer.numRows > 0) await finishSidecar()
    // Spark wants the columns of file actions here too.
    const fields = [...STATE_FIELDS, ...V2_FIELDS, ...this.#fileFields]
    const top = this.#parquetWriter(fields)
    const actions = await this.#stateActions()
    await top.add(this.#stateBatch([{ type: 'checkpointMetadata', version }, ...actions, ...sidecars], fields))
    await this.#put(checkpointKey(version).replace(/\.parquet$/, `.${location.runtime.uuid()}.parquet`), top)
    await this.#pointAt()
  }

  /** All but the file actions; transactions past their retention are left out. */
  async #stateActions(): Promise<Action[]> {
    const { protocol, metadata } = this.#snapshot
    const { transactions, domains } = await this.#snapshot.state(this.#signal)
    return [
      protocol,
      metadata,
      ...[...transactions.values()].filter(isRemembered(metadata, this.#now)),
      ...[...domains.values()].filter(({ removed }) => !removed),
    ]
  }

  #stateBatch(actions: readonly Action[], fields: readonly StructField[]): RecordBatch {
    return encodeRows(actions.map(actionRow), { type: 'struct', fields })
  }

  /** Files and tombstones, in batches. */
  async *#fileBatches(fields: readonly StructField[]): AsyncGenerator<RecordBatch, void, undefined> {
    const { metadata } = this.#snapshot
    const since = this.#now - tableProperty(metadata, DELETED_FILE_RETENTION_DURATION)
    yield* removeBatches(readTombstones(this.#snapshot, since, this.#signal), fields)
    yield* addBatches(await this.#snapshot.files(this.#signal), fields, this.#parsed, this.#signal)
  }

  #parquetWriter(fields: readonly StructField[]): ParquetWriter {
    const schema = arrowSchema({ type: 'struct', fields })
    return new ParquetWriter({ schema, rowGroupRows: ROW_GROUP_ROWS, ...(this.#signal && { signal: this.#signal }) })
  }

  async #put(key: string, writer: ParquetWriter): Promise<number> {
    const bytes = await writer.finish()
    const signal = this.#signal && { signal: this.#signal }
    await this.#snapshot.location.store.put(key, bytes, { mode: 'overwrite', ...signal })
    this.#actions += writer.numRows
    this.#bytes += bytes.byteLength
    return bytes.byteLength
  }

  async #pointAt(): Promise<void> {
    const { version, location } = this.#snapshot
    const { numFiles: numOfAddFiles } = await this.#snapshot.files(this.#signal)
    const hint = { version, size: this.#actions, sizeInBytes: this.#bytes, numOfAddFiles }
    await writeLastCheckpoint(location, hint, this.#signal)
  }
}
