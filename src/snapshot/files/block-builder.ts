import type { AddFile } from '../../protocol/actions/action.js'
import type { JsonValue } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'
import type { PartitionColumn } from '../file-list.js'
import { BlockStatistics } from './block-statistics.js'
import { BLOCK_FILES, FileBlock } from './file-block.js'
import { LiveBlock } from './live-block.js'
import { LiveFiles } from './live-files.js'
import { type LongColumn, longColumn } from './long-column.js'
import { PartitionBuilder } from './partition-builder.js'
import { type TextColumn, textColumn } from './text-column.js'

/** Collects add actions, the newest first, into blocks in log order: the oldest first. */
export class BlockBuilder {
  #pending = new PendingBlock()
  readonly #finished: FileBlock[] = []

  push(add: AddFile): void {
    this.#pending.push(add)
    if (this.#pending.length === BLOCK_FILES) this.#seal()
  }

  finish(): LiveFiles {
    if (this.#pending.length > 0) this.#seal()
    return new LiveFiles(this.#finished.reverse().map((block) => new LiveBlock(block)))
  }

  #seal(): void {
    this.#finished.push(this.#pending.finish())
    this.#pending = new PendingBlock()
  }
}

class PendingBlock {
  readonly #paths: string[] = []
  readonly #sizes: number[] = []
  readonly #times: number[] = []
  readonly #stats: string[] = []
  readonly #partitions = new Map<string, PartitionBuilder>()
  readonly #vectors = new SparseColumn<string>('')
  readonly #baseRowIds = new SparseColumn<number | undefined>(undefined)
  readonly #commitVersions = new SparseColumn<number | undefined>(undefined)
  readonly #rest = new SparseColumn<string>('')

  get length(): number {
    return this.#paths.length
  }

  push(add: AddFile): void {
    const row = this.#paths.length
    this.#paths.push(add.path)
    this.#sizes.push(add.size)
    this.#times.push(add.modificationTime)
    this.#stats.push(add.stats ?? '')
    for (const name in add.partitionValues) this.#partition(name, row, add.partitionValues[name] ?? null)
    if (add.deletionVector !== undefined) this.#vectors.set(row, JSON.stringify(add.deletionVector))
    if (add.baseRowId !== undefined) this.#baseRowIds.set(row, add.baseRowId)
    if (add.defaultRowCommitVersion !== undefined) this.#commitVersions.set(row, add.defaultRowCommitVersion)
    const rest = restText(add)
    if (rest !== undefined) this.#rest.set(row, rest)
  }

  finish(): FileBlock {
    const { length } = this
    const partitions = new Map<string, PartitionColumn>()
    for (const [name, builder] of this.#partitions) {
      builder.fillTo(length)
      partitions.set(name, builder.finishReversed())
    }
    return new FileBlock({
      paths: textColumn(this.#paths.reverse()),
      sizes: longColumn(this.#sizes.reverse()),
      modificationTimes: longColumn(this.#times.reverse()),
      partitions: () => partitions,
      statistics: BlockStatistics.of(textColumn(this.#stats.reverse())),
      vectors: texts(this.#vectors.finishReversed(length)),
      baseRowIds: longs(this.#baseRowIds.finishReversed(length)),
      defaultRowCommitVersions: longs(this.#commitVersions.finishReversed(length)),
      rest: texts(this.#rest.finishReversed(length)),
    })
  }

  #partition(name: string, row: number, value: string | null): void {
    let builder = this.#partitions.get(name)
    if (builder === undefined) {
      builder = new PartitionBuilder()
      this.#partitions.set(name, builder)
    }
    builder.fillTo(row)
    builder.push(value)
  }
}

/** Values that most rows lack. */
class SparseColumn<T> {
  readonly #missing: T
  #values: T[] | undefined

  constructor(missing: T) {
    this.#missing = missing
  }

  set(row: number, value: T): void {
    this.#values ??= []
    while (this.#values.length < row) this.#values.push(this.#missing)
    this.#values.push(value)
  }

  /** Undefined where every row lacks it. */
  finishReversed(length: number): T[] | undefined {
    if (this.#values === undefined) return undefined
    while (this.#values.length < length) this.#values.push(this.#missing)
    return this.#values.reverse()
  }
}

function texts(values: readonly string[] | undefined): TextColumn | undefined {
  return values && textColumn(values)
}

function longs(values: readonly (number | undefined)[] | undefined): LongColumn | undefined {
  return values && longColumn(values)
}

const COLUMNS: ReadonlySet<string> = new Set([
  'type',
  'path',
  'partitionValues',
  'size',
  'modificationTime',
  'dataChange',
  'stats',
  'deletionVector',
  'baseRowId',
  'defaultRowCommitVersion',
])

/** JSON text of the fields that have no column of their own. */
function restText(add: AddFile): string | undefined {
  let rest: { [name: string]: JsonValue } | undefined
  for (const name in add) {
    const value = add[name as keyof AddFile] as JsonValue | undefined
    if (COLUMNS.has(name) || value === undefined) continue
    rest ??= {}
    rest[name] = value
  }
  return rest && stringifyJson(rest)
}
