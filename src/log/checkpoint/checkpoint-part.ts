import type { RecordBatch } from 'apache-arrow'
import { type Column, childAt } from '../../arrow/column.js'
import { bytesSource } from '../../parquet/bytes-source.js'
import { objectSource } from '../../parquet/object-source.js'
import { openParquet } from '../../parquet/open-parquet.js'
import type { ParquetFile } from '../../parquet/parquet-file.js'
import type { RemoveFile } from '../../protocol/actions/action.js'
import { SharedLoad } from '../../runtime/shared-load.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { removeActions } from './checkpoint-actions.js'
import { type ColumnsOfRowGroups, presentColumns } from './present-columns.js'

/** The fields of `add` that are always read; statistics only when somebody wants them. */
const ADD_FIELDS = [
  'path',
  'partitionValues',
  'size',
  'modificationTime',
  'tags',
  'deletionVector',
  'baseRowId',
  'defaultRowCommitVersion',
  'clusteringProvider',
].map((field) => ['add', field])

/** Some rows of the `add` column of a checkpoint; null where a row is another action. */
export interface AddBatch {
  readonly add: Column
  readonly rowGroup: number
  /** Position of the first row in the row group. */
  readonly firstRow: number
}

export interface CheckpointPartFile {
  readonly key: string
  readonly size: number
  readonly isWhole: boolean
}

/** One Parquet file of a checkpoint: the top level, a part, or a sidecar. */
export class CheckpointPart {
  /** Whether all of it is fetched in one request, where the footer and the columns by themselves would take two round trips. */
  readonly isWhole: boolean
  readonly #open: (signal?: AbortSignal) => Promise<ParquetFile>
  #file: SharedLoad<ParquetFile>

  constructor(store: ObjectStore, { key, size, isWhole }: CheckpointPartFile) {
    this.isWhole = isWhole
    this.#open = async (signal) => {
      const source = isWhole
        ? bytesSource(`${store.url}/${key}`, await store.get(key, signal ? { signal } : {}))
        : objectSource(store, key, size)
      return openParquet(source, signal)
    }
    this.#file = new SharedLoad(this.#open)
  }

  /** Lets go of what was fetched; it is fetched again should somebody ask for more. */
  close(): void {
    this.#file = new SharedLoad(this.#open)
  }

  file(signal?: AbortSignal): Promise<ParquetFile> {
    return this.#file.get(signal)
  }

  /** The files, without statistics. Batches end where row groups end. */
  async *adds(signal?: AbortSignal): AsyncGenerator<AddBatch, void, undefined> {
    const file = await this.file(signal)
    yield* this.#read(file, presentColumns(file, ADD_FIELDS), signal)
  }

  /** Fields of `add` in one row group, in the batches that {@link adds} has them in. Nothing where the file lacks all of them. */
  async *addFields(
    rowGroup: number,
    fields: readonly string[],
    signal?: AbortSignal,
  ): AsyncGenerator<AddBatch, void, undefined> {
    const columns = fields.map((field) => ['add', field])
    yield* this.#read(await this.file(signal), { columns, rowGroups: [rowGroup] }, signal)
  }

  /** Where the statistics of a row group are: as JSON text, in columns of their own, or nowhere. */
  async statisticsField(rowGroup: number, signal?: AbortSignal): Promise<'stats' | 'stats_parsed' | undefined> {
    const columns = (await this.file(signal)).rowGroups[rowGroup]?.columns ?? []
    const has = (field: string): boolean =>
      columns.some(({ leaf: { path }, nullCount, numValues }) => {
        return path[0] === 'add' && path[1] === field && nullCount !== numValues
      })
    if (has('stats')) return 'stats'
    return has('stats_parsed') ? 'stats_parsed' : undefined
  }

  async *removes(signal?: AbortSignal): AsyncGenerator<RemoveFile, void, undefined> {
    yield* removeActions(await this.file(signal), signal)
  }

  async *#read(
    file: ParquetFile,
    selection: ColumnsOfRowGroups,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AddBatch, void, undefined> {
    let [at, firstRow] = [0, 0]
    for await (const batch of file.read({ ...selection, ...(signal && { signal }) })) {
      const rowGroup = selection.rowGroups[at] as number
      const add = addColumn(batch)
      if (add !== undefined) yield { add, rowGroup, firstRow }
      firstRow += batch.numRows
      if (firstRow >= (file.rowGroups[rowGroup]?.numRows ?? 0)) [at, firstRow] = [at + 1, 0]
    }
  }
}

/** Undefined where no row is a file. */
function addColumn(batch: RecordBatch): Column | undefined {
  if (batch.schema.fields.length === 0) return undefined
  const add = childAt(batch.data as Column, 0)
  return add.nullCount === add.length ? undefined : add
}
