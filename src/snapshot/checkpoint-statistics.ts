import { type Column, childAt } from '../arrow/column.js'
import { decodeUtf8 } from '../arrow/utf8.js'
import { validityTest } from '../arrow/validity.js'
import type { CheckpointPart } from '../log/checkpoint/checkpoint.js'

/** The statistics of one file of a checkpoint, left there until they are wanted, then held as one column. */
export class CheckpointStatistics {
  readonly #part: CheckpointPart
  #loading: Promise<void> | undefined
  /** Texts, and the row of the file at which each begins. */
  readonly #columns: {
    readonly firstRow: number
    readonly texts: Column
    readonly isValid: (row: number) => boolean
  }[] = []

  constructor(part: CheckpointPart) {
    this.#part = part
  }

  load(signal?: AbortSignal): Promise<void> {
    this.#loading ??= this.#read(signal).catch((error: unknown) => {
      this.#loading = undefined
      this.#columns.length = 0
      throw error
    })
    return this.#loading
  }

  /** The JSON text of a row of the file, undefined where there is none. */
  at(row: number): string | undefined {
    const column = this.#columns.findLast(({ firstRow }) => firstRow <= row)
    if (column === undefined) return undefined
    const local = row - column.firstRow
    if (!column.isValid(local)) return undefined
    const offsets = column.texts.valueOffsets as Int32Array
    return decodeUtf8(column.texts.values as Uint8Array, offsets[local] as number, offsets[local + 1] as number)
  }

  async #read(signal: AbortSignal | undefined): Promise<void> {
    let firstRow = 0
    for await (const batch of this.#part.statistics(signal)) {
      const add = batch.data.children[0] as Column | undefined
      if (add !== undefined && add.children.length > 0) {
        const texts = childAt(add, 0)
        this.#columns.push({ firstRow, texts, isValid: validityTest(texts) })
      }
      firstRow += batch.numRows
    }
  }
}
