import type { BoundColumn } from '../expressions/bound-predicate.js'
import type { ColumnBounds } from '../expressions/column-bounds.js'
import type { Scalar } from '../schema/scalar.js'

/** Strings of as many characters may have been cut off, see {@link raisedMax}. */
const CUT_LENGTH = 32
const LONE_SURROGATE = /[\ud800-\udfff]/u
/** So many digits a double keeps, and prints at most. */
const DOUBLE_DIGITS = { kept: 15, printed: 17 } as const

/** The statistics of one column in one file as they are written, read into values of the column's type. */
export interface ColumnStatistics {
  readonly min: Scalar | undefined
  readonly max: Scalar | undefined
  readonly nullCount: number | undefined
  /** Rows of the file, those that a deletion vector hides included. */
  readonly numRecords: number | undefined
}

/**
 * What minimum and maximum of a file promise about a column (PROTOCOL.md, "Per-file Statistics"), with allowance for what writers do to them: strings were
 * cut, floats and decimals were rounded on their way through JSON. Each is read when it is asked for.
 */
export class RangeBounds implements ColumnBounds {
  protected readonly statistics: ColumnStatistics
  private readonly column: BoundColumn

  constructor(column: BoundColumn, statistics: ColumnStatistics) {
    this.column = column
    this.statistics = statistics
  }

  get min(): Scalar | undefined {
    return loweredMin(this.column, this.statistics.min)
  }

  get max(): Scalar | undefined {
    return raisedMax(this.column, this.statistics.max)
  }

  get mayBeNull(): boolean {
    return true
  }

  get mayBeValue(): boolean {
    return true
  }
}

/** {@link RangeBounds} with what null counts promise. */
export class StatisticsBounds extends RangeBounds {
  /** With wide bounds, counts other than 0 and "all" say nothing; these two hold whichever rows are left. */
  override get mayBeNull(): boolean {
    return this.statistics.nullCount !== 0
  }

  override get mayBeValue(): boolean {
    const { nullCount } = this.statistics
    return nullCount === undefined || nullCount !== this.statistics.numRecords
  }
}

/** Writers do not agree on what null counts of nested types count. */
export function hasStatistics({ dataType }: BoundColumn): boolean {
  return !['struct', 'array', 'map', 'variant', 'void'].includes(dataType.type)
}

/** A lower bound that holds whatever the writer did to the minimum. */
function loweredMin({ dataType }: BoundColumn, min: Scalar | undefined): Scalar | undefined {
  if (min === undefined) return undefined
  switch (dataType.type) {
    case 'double':
      // A column that was float before has its statistics in digits that are enough for a float.
      return Math.min(min as number, Math.fround(min as number))
    case 'decimal':
      return dataType.precision > DOUBLE_DIGITS.kept ? (min as bigint) - roundingOf(min as bigint) : min
    default:
      return min
  }
}

/** An upper bound that holds whatever the writer did to the maximum. */
function raisedMax({ dataType }: BoundColumn, max: Scalar | undefined): Scalar | undefined {
  if (max === undefined) return undefined
  switch (dataType.type) {
    case 'string':
      return (max as string).length < CUT_LENGTH ? max : afterPrefix(withoutBrokenCharacter(max as string))
    case 'double':
      return Math.max(max as number, Math.fround(max as number))
    case 'decimal':
      return dataType.precision > DOUBLE_DIGITS.kept ? (max as bigint) + roundingOf(max as bigint) : max
    default:
      return max
  }
}

/** How far a decimal may be from the one in the file if its writer took it through a double; nothing if its digits are more than a double's. */
function roundingOf(unscaled: bigint): bigint {
  const digits = unscaled.toString().replace(/^-/, '').replace(/0+$/, '')
  if (digits.length > DOUBLE_DIGITS.printed) return 0n
  const magnitude = unscaled < 0n ? -unscaled : unscaled
  return magnitude < 2n ** 49n ? 0n : (magnitude >> 52n) + 1n
}

/** Writers that cut in the middle of a character left a replacement for its first half, which sorts below it. */
function withoutBrokenCharacter(max: string): string {
  const last = max[CUT_LENGTH - 1]
  return last === '?' || last === '\ufffd' ? max.slice(0, CUT_LENGTH - 1) : max
}

/** The least text that is greater than every text with a prefix, undefined where there is none: some writers cut a maximum and leave it at that. */
function afterPrefix(prefix: string): string | undefined {
  if (LONE_SURROGATE.test(prefix)) return undefined
  const characters = Array.from(prefix)
  for (;;) {
    const last = characters.pop()
    if (last === undefined) return undefined
    const next = (last.codePointAt(0) as number) + 1
    if (next > 0x10ffff) continue
    return characters.join('') + String.fromCodePoint(next === 0xd800 ? 0xe000 : next)
  }
}
