import type { RowRun } from './row-runs.js'

/** 64-bit integers as they lie in memory: the low and the high half of each. A BigInt for each would take five times as long. */
export type LongColumn = Int32Array

/** Stands for "none" where a column may lack values: the least of all 64-bit integers. */
const MISSING_HIGH = -(2 ** 31)

/** Number i; undefined where there is none. Integers beyond 2^53, which no size and no time is, are rounded. */
export function longAt(column: LongColumn, i: number): number | undefined {
  const high = column[i * 2 + 1] as number
  return high === MISSING_HIGH ? undefined : high * 2 ** 32 + ((column[i * 2] as number) >>> 0)
}

export function longColumn(values: readonly (number | undefined)[]): LongColumn {
  const column = new Int32Array(values.length * 2)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined) column[i * 2 + 1] = MISSING_HIGH
    else {
      column[i * 2] = value | 0
      column[i * 2 + 1] = Math.floor(value / 2 ** 32)
    }
  }
  return column
}

/** A column that lacks every value. */
export function missingLongs(length: number): LongColumn {
  const column = new Int32Array(length * 2)
  for (let i = 0; i < length; i++) column[i * 2 + 1] = MISSING_HIGH
  return column
}

/** Copies runs of rows of several columns, one after the other. */
export function concatLongs(
  pieces: readonly { readonly column: LongColumn; readonly runs: readonly RowRun[] }[],
): LongColumn {
  const length = pieces.reduce((sum, { runs }) => sum + runs.reduce((rows, { start, end }) => rows + end - start, 0), 0)
  const joined = new Int32Array(length * 2)
  let at = 0
  for (const { column, runs } of pieces) {
    for (const { start, end } of runs) {
      joined.set(column.subarray(start * 2, end * 2), at)
      at += (end - start) * 2
    }
  }
  return joined
}
