import { type Column, childAt } from '../arrow/column.js'
import { decodeUtf8 } from '../arrow/utf8.js'
import { validityTest } from '../arrow/validity.js'
import type { PartitionColumn } from './file-list.js'

const encoder = new TextEncoder()

/**
 * The values of one partition column out of a map column of a checkpoint.
 * @param maps `add.partitionValues`; undefined where the checkpoint has none
 * @param rows the rows wanted; undefined for all `length`
 */
export function partitionColumnOf(
  maps: Column | undefined,
  rows: Int32Array | undefined,
  length: number,
  physicalName: string,
): PartitionColumn {
  const codes = new Int32Array(length)
  if (maps === undefined) return { codes, values: [null] }
  const entries = childAt(maps, 0)
  const keys = bytesOf(childAt(entries, 0))
  const valueColumn = childAt(entries, 1)
  const texts = bytesOf(valueColumn)
  const isValid = validityTest(valueColumn)
  const wanted = encoder.encode(physicalName)
  const offsets = maps.valueOffsets as Int32Array
  const dictionary = new Dictionary(texts)
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : (rows[i] as number)
    let entry = -1
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at++) {
      if (equals(keys, at, wanted)) entry = at
    }
    codes[i] = entry < 0 || !isValid(entry) ? dictionary.codeOfNull() : dictionary.codeOf(entry)
  }
  return { codes, values: dictionary.values }
}

interface Texts {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
}

function bytesOf(column: Column): Texts {
  return { bytes: column.values as Uint8Array, offsets: column.valueOffsets as Int32Array }
}

function equals({ bytes, offsets }: Texts, i: number, wanted: Uint8Array): boolean {
  const start = offsets[i] as number
  if ((offsets[i + 1] as number) - start !== wanted.length) return false
  for (let k = 0; k < wanted.length; k++) if (bytes[start + k] !== wanted[k]) return false
  return true
}

/** Gives equal texts one code. Neighbours are often equal: the bytes of the last text are compared before anything is decoded. */
class Dictionary {
  readonly values: (string | null)[] = []
  readonly #texts: Texts
  readonly #codes = new Map<string | null, number>()
  #last: Uint8Array | undefined
  #lastCode = 0

  constructor(texts: Texts) {
    this.#texts = texts
  }

  codeOf(i: number): number {
    if (this.#last !== undefined && equals(this.#texts, i, this.#last)) return this.#lastCode
    const { bytes, offsets } = this.#texts
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number]
    this.#last = bytes.subarray(start, end)
    this.#lastCode = this.#codeFor(decodeUtf8(bytes, start, end))
    return this.#lastCode
  }

  codeOfNull(): number {
    return this.#codeFor(null)
  }

  #codeFor(value: string | null): number {
    let code = this.#codes.get(value)
    if (code === undefined) {
      code = this.values.push(value) - 1
      this.#codes.set(value, code)
    }
    return code
  }
}
