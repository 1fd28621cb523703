import type { RecordBatch } from 'apache-arrow'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import type { Row } from '../../src/arrow/row.js'
import { writeBatches } from '../../src/data-files/write-batches.js'
import { writeChanges } from '../../src/data-files/write-changes.js'
import type { WriteTarget } from '../../src/data-files/write-target.js'
import { type CreateOptions, DeltaTable } from '../../src/index.js'
import type { Action, AddFile } from '../../src/protocol/actions/action.js'
import { encodeDeletionVector } from '../../src/protocol/deletion-vector/encode-deletion-vector.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { encodeZ85 } from '../../src/protocol/deletion-vector/z85.js'
import { CHANGE_TYPE, type ChangeType } from '../../src/scan/change-columns.js'
import type { StructType } from '../../src/schema/data-type.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import { heldSnapshot } from '../../src/table/delta-table.js'
import { commit } from '../../src/transaction/commit.js'

/** The version that a handle holds. */
export const snapshotOf = (table: object): Snapshot => heldSnapshot(table) as Snapshot

interface ArrangedFile {
  readonly add: AddFile
  readonly rows: readonly Row[]
  readonly hidden: ReadonlySet<number>
}

/** A table whose commits a test arranges action by action, as other writers would: rows that are hidden by deletion vectors, come back, or move between files. */
export class ArrangedTable {
  readonly table: DeltaTable
  #files: readonly ArrangedFile[] = []

  private constructor(table: DeltaTable) {
    this.table = table
  }

  static async create(url: string, options: CreateOptions & { readonly schema: StructType }): Promise<ArrangedTable> {
    return new ArrangedTable(await DeltaTable.create(url, options))
  }

  /** The live rows. */
  get rows(): Row[] {
    return this.#files.flatMap(({ rows, hidden }) => rows.filter((_, i) => !hidden.has(i)))
  }

  /** Adds each list of rows as files of its own. */
  async append(...lists: readonly (readonly Row[])[]): Promise<void> {
    const added = (await Promise.all(lists.map((rows) => this.#written(rows)))).flat()
    await this.#commit(
      'WRITE',
      added.map(({ add }) => add),
      [...this.#files, ...added],
    )
  }

  /**
   * Hides rows by new deletion vectors, and shows rows that were hidden before.
   *
   * @param isHidden says of every row of the files whether it is hidden afterwards
   * @param added further rows
   * @param recorded rows for change data files
   */
  async mask(
    isHidden: (row: Row, wasHidden: boolean) => boolean,
    added: readonly Row[] = [],
    recorded: readonly (readonly [ChangeType, Row])[] = [],
  ): Promise<void> {
    const actions: Action[] = []
    const files = this.#files.map((file) => {
      const hidden = new Set(file.rows.flatMap((row, i) => (isHidden(row, file.hidden.has(i)) ? [i] : [])))
      if (sameSet(hidden, file.hidden)) return file
      const add = withVector(file.add, hidden)
      actions.push(removal(file.add), add)
      return { ...file, add, hidden }
    })
    const written = added.length === 0 ? [] : await this.#written(added)
    actions.push(...written.map(({ add }) => add), ...(await this.#recorded(recorded)))
    await this.#commit('UPDATE', actions, [...files, ...written])
  }

  /** Rewrites all live rows into new files. @param dataChange false says that no row changed */
  async rewrite(dataChange: boolean, change: (row: Row) => Row | undefined = (row) => row): Promise<void> {
    const left = this.rows.map(change).filter((row) => row !== undefined)
    const written = left.length === 0 ? [] : await this.#written(left, dataChange)
    const gone = this.#files.map(({ add }) => removal(add, dataChange))
    await this.#commit('OPTIMIZE', [...gone, ...written.map(({ add }) => add)], written)
  }

  get #target(): WriteTarget {
    const { schema, partitionColumns, metadata } = this.table
    return { schema, partitionColumns, configuration: metadata.configuration }
  }

  /** One file a partition, rows in order. */
  async #written(rows: readonly Row[], dataChange = true): Promise<ArrangedFile[]> {
    const { partitionColumns, schema } = this.table
    const groups = new Map<string, Row[]>()
    for (const row of rows) {
      const key = JSON.stringify(partitionColumns.map((name) => row[name] ?? null))
      groups.set(key, [...(groups.get(key) ?? []), row])
    }
    const files: ArrangedFile[] = []
    for (const group of groups.values()) {
      const batch = encodeRows(group, schema)
      const [add] = await writeBatches(snapshotOf(this.table).location, this.#target, stream(batch), { dataChange })
      files.push({ add: add as AddFile, rows: group, hidden: new Set() })
    }
    return files
  }

  async #recorded(rows: readonly (readonly [ChangeType, Row])[]): Promise<Action[]> {
    if (rows.length === 0) return []
    const schema: StructType = { type: 'struct', fields: [...this.table.schema.fields, CHANGE_TYPE] }
    const batch = encodeRows(
      rows.map(([type, row]) => ({ ...row, [CHANGE_TYPE.name]: type })),
      schema,
    )
    return writeChanges(snapshotOf(this.table).location, this.#target, stream(batch))
  }

  async #commit(operation: string, actions: readonly Action[], files: readonly ArrangedFile[]): Promise<void> {
    await commit(snapshotOf(this.table), {
      operation,
      operationParameters: {},
      operationMetrics: {},
      actions,
      read: { wholeTable: true },
    })
    this.#files = files
    await this.table.refresh()
  }
}

function withVector(add: AddFile, hidden: ReadonlySet<number>): AddFile {
  const { deletionVector: _, ...rest } = add
  const plain = { ...rest, dataChange: true }
  if (hidden.size === 0) return plain
  const bytes = encodeDeletionVector(RowSet.of(hidden))
  return {
    ...plain,
    deletionVector: {
      storageType: 'i',
      pathOrInlineDv: encodeZ85(bytes),
      sizeInBytes: bytes.byteLength,
      cardinality: hidden.size,
    },
  }
}

function removal({ path, partitionValues, size, deletionVector }: AddFile, dataChange = true): Action {
  return {
    type: 'remove',
    path,
    partitionValues,
    size,
    dataChange,
    extendedFileMetadata: true,
    deletionTimestamp: 1,
    ...(deletionVector && { deletionVector }),
  }
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each))
}

async function* stream(...batches: readonly RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* batches
}
