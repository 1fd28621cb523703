import { type Column, childAt } from '../../arrow/column.js'
import { decodeUtf8 } from '../../arrow/utf8.js'
import { validityTest } from '../../arrow/validity.js'
import type { PartitionColumn } from '../file-list.js'
import type { RowRun } from './row-runs.js'
import type { TextColumn } from './text-column.js'

/** The partition columns of some rows of a column of maps, by the maps' keys, once somebody asks. A key that a row lacks is null there. */
export function mapPartitions(
  maps: Column | undefined,
  runs: readonly RowRun[],
): () => ReadonlyMap<string, PartitionColumn> {
  let pending = maps
  let columns: ReadonlyMap<string, PartitionColumn> = new Map()
  return () => {
    if (pending !== undefined) columns = decodePartitions(pending, runs)
    pending = undefined
    return columns
  }
}

function decodePartitions(maps: Column, runs: readonly RowRun[]): Map<string, PartitionColumn> {
  const entries = childAt(maps, 0)
  const values = childAt(entries, 1)
  const hasValue = values.nullCount === 0 ? undefined : validityTest(values)
  const columns = new ColumnSet(
    textsOf(childAt(entries, 0)),
    textsOf(values),
    runs.reduce((sum, { start, end }) => sum + end - start, 0),
  )
  const offsets = maps.valueOffsets as Int32Array
  let i = 0
  for (const { start, end } of runs) {
    for (let row = start; row < end; row++, i++) {
      const first = offsets[row] as number
      for (let entry = first; entry < (offsets[row + 1] as number); entry++) {
        if (hasValue === undefined || hasValue(entry)) columns.at(entry, entry - first).set(i, entry)
        else columns.at(entry, entry - first)
      }
    }
  }
  return columns.finish()
}

function textsOf(column: Column): TextColumn {
  return { data: column.values as Uint8Array, offsets: column.valueOffsets as Int32Array }
}

/** The columns by key. Maps mostly have the same keys in the same order: the column at the same place in the map before is tried first. */
class ColumnSet {
  readonly #keys: TextColumn
  readonly #values: TextColumn
  readonly #length: number
  readonly #byName = new Map<string, CodedColumn>()
  readonly #byPlace: { readonly key: Uint8Array; readonly column: CodedColumn }[] = []

  constructor(keys: TextColumn, values: TextColumn, length: number) {
    this.#keys = keys
    this.#values = values
    this.#length = length
  }

  at(entry: number, place: number): CodedColumn {
    const known = this.#byPlace[place]
    if (known !== undefined && isText(this.#keys, entry, known.key)) return known.column
    const name = textOf(this.#keys, entry)
    let column = this.#byName.get(name)
    if (column === undefined) {
      column = new CodedColumn(this.#values, this.#length)
      this.#byName.set(name, column)
    }
    this.#byPlace[place] = { key: bytesOf(this.#keys, entry), column }
    return column
  }

  finish(): Map<string, PartitionColumn> {
    return new Map([...this.#byName].map(([name, column]) => [name, column.finish()]))
  }
}

/** Gives equal values one code. Neighbours are often equal: the bytes of the last value are compared before anything is decoded. */
class CodedColumn {
  readonly #texts: TextColumn
  /** 0 until set: the code of null. */
  readonly #codes: Int32Array
  readonly #values: (string | null)[] = [null]
  readonly #codeOf = new Map<string, number>()
  #last: Uint8Array | undefined
  #lastCode = 0

  constructor(texts: TextColumn, length: number) {
    this.#texts = texts
    this.#codes = new Int32Array(length)
  }

  /** @param entry of the value; files that are not set are null. */
  set(i: number, entry: number): void {
    if (this.#last === undefined || !isText(this.#texts, entry, this.#last)) {
      this.#last = bytesOf(this.#texts, entry)
      this.#lastCode = this.#code(textOf(this.#texts, entry))
    }
    this.#codes[i] = this.#lastCode
  }

  finish(): PartitionColumn {
    return { codes: this.#codes, values: this.#values }
  }

  #code(value: string): number {
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#values.push(value) - 1
      this.#codeOf.set(value, code)
    }
    return code
  }
}

function bytesOf({ data, offsets }: TextColumn, i: number): Uint8Array {
  return data.subarray(offsets[i], offsets[i + 1])
}

function textOf({ data, offsets }: TextColumn, i: number): string {
  return decodeUtf8(data, offsets[i] as number, offsets[i + 1] as number)
}

function isText({ data, offsets }: TextColumn, i: number, text: Uint8Array): boolean {
  const start = offsets[i] as number
  if ((offsets[i + 1] as number) - start !== text.length) return false
  for (let k = 0; k < text.length; k++) if (data[start + k] !== text[k]) return false
  return true
}
