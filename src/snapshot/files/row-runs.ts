/** Consecutive rows: `start` up to, not including, `end`. */
export interface RowRun {
  readonly start: number
  readonly end: number
}

/** Ascending positions as runs, so that columns are copied in a few large pieces. All `length` rows where `positions` is undefined. */
export function rowRuns(positions: Int32Array | undefined, length: number): RowRun[] {
  if (positions === undefined) return length === 0 ? [] : [{ start: 0, end: length }]
  const runs: RowRun[] = []
  for (let k = 0; k < positions.length; ) {
    const start = positions[k] as number
    let end = start + 1
    k++
    while (k < positions.length && positions[k] === end) {
      end++
      k++
    }
    runs.push({ start, end })
  }
  return runs
}
