import type { RowRun } from './row-runs.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Texts held as one buffer of UTF-8: text i is `data[offsets[i]]` up to `data[offsets[i + 1]]`. Where a column may lack values, an empty
 * text stands for a missing one.
 */
export interface TextColumn {
  readonly data: Uint8Array
  /** One more than there are texts. */
  readonly offsets: Int32Array
}

/** Text i of a column. */
export function textAt({ data, offsets }: TextColumn, i: number): string {
  return decoder.decode(data.subarray(offsets[i], offsets[i + 1]))
}

/** A column that lacks every value. */
export function emptyTexts(length: number): TextColumn {
  return { data: new Uint8Array(0), offsets: new Int32Array(length + 1) }
}

/** Encodes texts into a column. */
export function textColumn(texts: readonly string[]): TextColumn {
  const joined = texts.join('')
  const data = encoder.encode(joined)
  // Plain ASCII: a character is a byte, so the lengths are known without encoding each text by itself.
  if (data.length === joined.length) return { data, offsets: ends(texts) }
  const encoded = texts.map((text) => encoder.encode(text))
  const offsets = ends(encoded)
  const bytes = new Uint8Array(offsets[texts.length] as number)
  for (let i = 0; i < encoded.length; i++) bytes.set(encoded[i] as Uint8Array, offsets[i])
  return { data: bytes, offsets }
}

function ends(texts: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(texts.length + 1)
  let end = 0
  for (let i = 0; i < texts.length; i++) {
    end += (texts[i] as { readonly length: number }).length
    offsets[i + 1] = end
  }
  return offsets
}

/** Some rows of a column, sharing its buffers where they are one run. */
export function sliceText(column: TextColumn, runs: readonly RowRun[]): TextColumn {
  const [first] = runs
  if (runs.length !== 1 || first === undefined) return concatText([{ column, runs }])
  return { data: column.data, offsets: column.offsets.subarray(first.start, first.end + 1) }
}

/** Copies runs of rows of several columns, one after the other, into a column with buffers of its own. */
export function concatText(
  pieces: readonly { readonly column: TextColumn; readonly runs: readonly RowRun[] }[],
): TextColumn {
  let count = 0
  let bytes = 0
  for (const { column, runs } of pieces) {
    for (const { start, end } of runs) {
      count += end - start
      bytes += (column.offsets[end] as number) - (column.offsets[start] as number)
    }
  }
  const data = new Uint8Array(bytes)
  const offsets = new Int32Array(count + 1)
  let row = 0
  let byte = 0
  for (const { column, runs } of pieces) {
    for (const { start, end } of runs) {
      const from = column.offsets[start] as number
      data.set(column.data.subarray(from, column.offsets[end]), byte)
      for (let i = start; i < end; i++) offsets[++row] = (column.offsets[i + 1] as number) - from + byte
      byte = offsets[row] as number
    }
  }
  return { data, offsets }
}
