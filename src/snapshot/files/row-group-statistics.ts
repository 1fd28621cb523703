import { type Column, childAt } from '../../arrow/column.js'
import type { CheckpointPart } from '../../log/checkpoint/checkpoint-part.js'
import { statisticsText } from '../../log/checkpoint/statistics-text.js'
import { SharedLoad } from '../../runtime/shared-load.js'
import { BlockStatistics, type StatisticsSource } from './block-statistics.js'
import type { RowRun } from './row-runs.js'
import { concatText, emptyTexts, type TextColumn, textColumn } from './text-column.js'

/** The statistics of one row group of a checkpoint, for the blocks that its batches became. */
export class RowGroupStatistics implements StatisticsSource {
  readonly #part: CheckpointPart
  readonly #rowGroup: number
  /** By the position of their first row in the row group. */
  readonly #blocks = new Map<number, { readonly runs: readonly RowRun[]; readonly statistics: BlockStatistics }>()
  #loading: SharedLoad<void> | undefined

  constructor(part: CheckpointPart, rowGroup: number) {
    this.#part = part
    this.#rowGroup = rowGroup
  }

  /** The statistics of a block made of `runs` of the batch that begins at `firstRow`. */
  of(firstRow: number, runs: readonly RowRun[]): BlockStatistics {
    const statistics = BlockStatistics.deferred(this)
    this.#blocks.set(firstRow, { runs, statistics })
    return statistics
  }

  load(signal?: AbortSignal): Promise<void> {
    this.#loading ??= new SharedLoad((first) => this.#read(first))
    return this.#loading.get(signal)
  }

  forget(): void {
    this.#loading = undefined
  }

  async #read(signal: AbortSignal | undefined): Promise<void> {
    const field = await this.#part.statisticsField(this.#rowGroup, signal)
    const left = new Map(this.#blocks)
    if (field !== undefined) {
      for await (const { add, firstRow } of this.#part.addFields(this.#rowGroup, [field], signal)) {
        const block = left.get(firstRow)
        if (block === undefined) continue
        const column = childAt(add, 0)
        block.statistics.receive(field === 'stats' ? jsonTexts(column, block.runs) : parsedTexts(column, block.runs))
        left.delete(firstRow)
      }
    }
    for (const { runs, statistics } of left.values()) statistics.receive(emptyTexts(lengthOf(runs)))
  }
}

function jsonTexts(column: Column, runs: readonly RowRun[]): TextColumn {
  const texts = { data: column.values as Uint8Array, offsets: column.valueOffsets as Int32Array }
  return concatText([{ column: texts, runs }])
}

function parsedTexts(column: Column, runs: readonly RowRun[]): TextColumn {
  const write = statisticsText(column)
  const texts: string[] = []
  for (const { start, end } of runs) {
    for (let row = start; row < end; row++) texts.push(write(row) ?? '')
  }
  return textColumn(texts)
}

function lengthOf(runs: readonly RowRun[]): number {
  return runs.reduce((sum, { start, end }) => sum + end - start, 0)
}
