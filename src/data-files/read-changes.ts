import type { RecordBatch, Schema } from 'apache-arrow'
import { arrowSchema } from '../arrow/arrow-schema.js'
import type { Column } from '../arrow/column.js'
import { constantColumn } from '../arrow/constant-column.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import type { DeletionVectorDescriptor } from '../protocol/actions/action.js'
import { RowSet } from '../protocol/deletion-vector/row-set.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { type Observer, tell } from '../runtime/observer.js'
import { readAhead } from '../runtime/read-ahead.js'
import { CHANGE_COLUMNS, CHANGE_TYPE, type ChangeType, changeSchema } from '../scan/change-columns.js'
import type { ChangeFile, ChangePlan, VersionChanges } from '../scan/change-plan.js'
import type { StructType } from '../schema/data-type.js'
import type { TableLocation } from '../storage/table-location.js'
import { readDataFile } from './read-data-file.js'
import { readDeletionVector } from './read-deletion-vector.js'
import { type ScanLayout, scanLayout } from './scan-layout.js'

export interface ReadChangesOptions {
  readonly signal?: AbortSignal | undefined
  readonly observer?: Observer | undefined
  /** Reads rows that went, or rows that came, alone. Not for versions that have change data files. Default: both. */
  readonly side?: 'delete' | 'insert' | undefined
  /** Called when all rows of a version were taken. */
  readonly onVersion?: ((version: number) => void) | undefined
}

/** As for a scan: files are opened ahead while those that wait are no bigger than this together, in bytes as stored. */
const AHEAD_BYTES = 48 << 20
const AHEAD_FILES = 8

/**
 * The rows of a plan of changes as batches of {@link changeSchema}, version by version; a batch has rows of one version. Memory is bounded by a few row groups.
 *
 * @throws DataFileMissing where vacuum removed what older versions need; CorruptData; what the plan throws
 */
export async function* readChanges(
  plan: ChangePlan,
  { signal, observer, side, onVersion }: ReadChangesOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const reader = new ChangeReader(plan, side, signal)
  let rows = 0
  for await (const changes of plan.versions()) {
    const batches = readAhead(changes.files, (file) => reader.read(file, changes), {
      weigh: sizeOf,
      budget: AHEAD_BYTES,
      limit: AHEAD_FILES,
    })
    for await (const batch of batches) {
      throwIfAborted(signal, 'Reading changes')
      rows += batch.numRows
      tell(observer, { type: 'progress', operation: 'CHANGES', rows })
      yield batch
    }
    onVersion?.(changes.version)
  }
}

function sizeOf(change: ChangeFile): number {
  return change.kind === 'masked' ? change.before.size : change.file.size
}

class ChangeReader {
  readonly #location: TableLocation
  readonly #side: 'delete' | 'insert' | undefined
  readonly #signal: AbortSignal | undefined
  readonly #arrow: Schema
  /** Of data files. */
  readonly #plain: ScanLayout
  /** Of change data files. */
  readonly #recorded: ScanLayout

  constructor(
    { snapshot, schema }: ChangePlan,
    side: 'delete' | 'insert' | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#location = snapshot.location
    this.#side = side
    this.#signal = signal
    this.#arrow = arrowSchema(changeSchema(schema))
    const withType: StructType = { type: 'struct', fields: [...schema.fields, CHANGE_TYPE] }
    this.#plain = scanLayout({ snapshot, schema, readSchema: schema })
    this.#recorded = scanLayout({ snapshot, schema: withType, readSchema: withType })
  }

  async *read(change: ChangeFile, version: VersionChanges): AsyncGenerator<RecordBatch, void, undefined> {
    try {
      yield* this.#rows(change, version)
    } catch (error) {
      throw isDeltaError(error, 'DataFileMissing') ? this.#gone(version, error) : error
    }
  }

  async *#rows(change: ChangeFile, version: VersionChanges): AsyncGenerator<RecordBatch, void, undefined> {
    const signal = this.#signal
    switch (change.kind) {
      case 'recorded':
        for await (const batch of readDataFile(this.#recorded, change.file, { signal })) {
          checkTypes(batch, change.file.path, this.#location.url)
          yield this.#delivered(batch.data.children as Column[], batch.numRows, version)
        }
        return
      case 'added':
        if (this.#side === 'delete') return
        yield* this.#typed(readDataFile(this.#plain, change.file, { signal }), 'insert', version)
        return
      case 'removed':
        if (this.#side === 'insert') return
        yield* this.#typed(readDataFile(this.#plain, change.file, { signal }), 'delete', version)
        return
      case 'masked': {
        const [before, after] = await Promise.all([
          this.#hidden(change.before.deletionVector),
          this.#hidden(change.after.deletionVector),
        ])
        const [gone, back] = [after.without(before), before.without(after)]
        if (gone.cardinality > 0 && this.#side !== 'insert') {
          yield* this.#typed(readDataFile(this.#plain, change.before, { signal, only: gone }), 'delete', version)
        }
        if (back.cardinality > 0 && this.#side !== 'delete') {
          yield* this.#typed(readDataFile(this.#plain, change.after, { signal, only: back }), 'insert', version)
        }
      }
    }
  }

  #gone({ version }: VersionChanges, cause: DeltaError): DeltaError {
    const { url } = this.#location
    return new DeltaError(
      'DataFileMissing',
      `What version ${version} of ${url} changed can no longer be told: ${cause.message} Vacuum removes files that the newest version does not need: begin with a later version.`,
      { cause, details: { ...cause.details, table: url, version } },
    )
  }

  async #hidden(descriptor: DeletionVectorDescriptor | undefined): Promise<RowSet> {
    return descriptor === undefined ? RowSet.EMPTY : readDeletionVector(this.#location, descriptor, this.#signal)
  }

  async *#typed(
    batches: AsyncIterable<RecordBatch>,
    type: ChangeType,
    version: VersionChanges,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    for await (const { data, numRows } of batches) {
      const columns = [...(data.children as Column[]), constantColumn(CHANGE_TYPE.dataType, type, numRows)]
      yield this.#delivered(columns, numRows, version)
    }
  }

  #delivered(columns: readonly Column[], length: number, { version, timestamp }: VersionChanges): RecordBatch {
    const [, versionColumn, timestampColumn] = CHANGE_COLUMNS
    return batchOf(
      this.#arrow,
      [
        ...columns,
        constantColumn(versionColumn.dataType, BigInt(version), length),
        constantColumn(timestampColumn.dataType, BigInt(timestamp) * 1000n, length),
      ],
      length,
    )
  }
}

function checkTypes(batch: RecordBatch, path: string, table: string): void {
  const types = batch.data.children.at(-1) as Column
  if (types.nullCount === 0) return
  throw new DeltaError(
    'CorruptData',
    `The change data file ${path} of table ${table} does not say what happened to its rows: ${CHANGE_TYPE.name} is missing or null. Read the versions after it.`,
    { details: { table, path } },
  )
}
