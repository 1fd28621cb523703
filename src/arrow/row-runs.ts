/** Rows to take, in order, as runs of neighbours: `lengths[i]` rows from `starts[i]` on; a start of -1 stands for nulls. */
export interface RowRuns {
  readonly starts: Int32Array
  readonly lengths: Int32Array
  /** How many runs there are; the arrays may be longer. */
  readonly count: number
  /** Rows of all runs together. */
  readonly total: number
}

/** The rows at `indices`, in that order; -1 gives null. */
export function runsOfIndices(indices: Int32Array): RowRuns {
  const starts = new Int32Array(indices.length)
  const lengths = new Int32Array(indices.length)
  let count = 0
  for (let i = 0; i < indices.length; ) {
    const start = indices[i] as number
    let length = 1
    while (i + length < indices.length && indices[i + length] === (start < 0 ? start : start + length)) length++
    starts[count] = start
    lengths[count++] = length
    i += length
  }
  return { starts, lengths, count, total: indices.length }
}

/** The rows whose byte in `mask` is not 0. */
export function runsOfMask(mask: Uint8Array, length: number): RowRuns {
  const starts: number[] = []
  const lengths: number[] = []
  let total = 0
  for (let row = 0; row < length; row++) {
    if (mask[row] === 0) continue
    const start = row
    while (row + 1 < length && mask[row + 1] !== 0) row++
    starts.push(start)
    lengths.push(row + 1 - start)
    total += row + 1 - start
  }
  return { starts: Int32Array.from(starts), lengths: Int32Array.from(lengths), count: starts.length, total }
}
