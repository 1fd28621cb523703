import type { Utf8Slice } from '../snapshot/file-list.js'
import { ASCII, readDouble, readInteger } from './ascii.js'

const START = asciiBytes('{"numRecords":')
const MEMBERS = [asciiBytes('"minValues":{'), asciiBytes('"maxValues":{'), asciiBytes('"nullCount":{')] as const
const FLAGS = [asciiBytes('"tightBounds":true'), asciiBytes('"tightBounds":false')] as const

/** Which part of the statistics a column is looked up in. */
export type StatisticsMember = 0 | 1 | 2
export const MIN_VALUES: StatisticsMember = 0
export const MAX_VALUES: StatisticsMember = 1
export const NULL_COUNT: StatisticsMember = 2

/** How a column is looked up in texts. */
export interface ColumnKey {
  /** The name as JSON text with a colon. */
  readonly bytes: Uint8Array
  /** Where it stood in each member of the last text: it is looked for there first, for the texts of one table are alike. */
  readonly offsets: Int32Array
}

/** Undefined for a name that the end of a text and what follows could be mistaken for. */
export function columnKey(physicalName: string): ColumnKey | undefined {
  if (/^[,}]/.test(physicalName)) return undefined
  return {
    bytes: new TextEncoder().encode(`${JSON.stringify(physicalName)}:`),
    offsets: new Int32Array(MEMBERS.length),
  }
}

/** {@link FlatStatistics.find}: there is no value. */
export const MISSING = -1
/** {@link FlatStatistics.find}: the text does not have the shape. */
export const UNFLAT = -2

/**
 * Finds single values in the `stats` of a file without parsing all of it, if the text has the shape that most writers give it: no spaces between tokens, `numRecords` first,
 * no struct columns. In such a text the values of a column are found by searching for its name: a quote after a brace or a comma begins a name, for
 * inside a text quotes bear a backslash. Only the members up to the one asked for are looked at.
 */
export class FlatStatistics {
  bytes: Uint8Array = new Uint8Array(0)
  numRecords = 0
  private end = 0
  /** Start and end of each member; both 0 where it was not met. */
  private readonly ranges = new Int32Array(MEMBERS.length * 2)
  /** The end of the last member that was met; {@link UNFLAT} once there was something unexpected. */
  private position = 0

  /** Turns to another text. False where it does not begin in the right shape. */
  open({ bytes, start, end }: Utf8Slice): boolean {
    this.bytes = bytes
    this.end = end
    this.ranges.fill(0)
    if (!standsAt(bytes, START, start)) return false
    this.numRecords = readInteger(bytes, start + START.length)
    this.position = this.tokenEnd(start + START.length)
    return this.numRecords >= 0
  }

  /** The position of the value of a column. */
  find(member: StatisticsMember, key: ColumnKey): number | typeof MISSING | typeof UNFLAT {
    const { ranges } = this
    while (ranges[member * 2 + 1] === 0) {
      if (!this.nextMember()) return this.position === UNFLAT ? UNFLAT : MISSING
    }
    const start = ranges[member * 2] as number
    const end = ranges[member * 2 + 1] as number
    const likely = start + (key.offsets[member] as number)
    if (likely < end && this.isName(key.bytes, likely)) return likely + key.bytes.length
    for (let position = start; position < end; position++) {
      if (!this.isName(key.bytes, position)) continue
      key.offsets[member] = position - start
      return position + key.bytes.length
    }
    return MISSING
  }

  isText(position: number): boolean {
    return this.bytes[position] === ASCII.quote
  }

  /** Whether a word without quotes stands there. */
  isWord(word: Uint8Array, position: number): boolean {
    return standsAt(this.bytes, word, position)
  }

  /** The end of the text that begins with the quote at `position`; -1 where it has escapes. */
  textEnd(position: number): number {
    const { bytes, end } = this
    for (let i = position + 1; i < end; i++) {
      if (bytes[i] === ASCII.quote) return i
      if (bytes[i] === ASCII.backslash) return -1
    }
    return -1
  }

  /** The end of the number, `true`, `false` or `null` at `position`. */
  tokenEnd(position: number): number {
    const { bytes, end } = this
    let i = position
    while (i < end && bytes[i] !== ASCII.comma && bytes[i] !== ASCII.close) i++
    return i
  }

  /** The whole number at `position` if it is one of at most 15 digits; NaN otherwise. */
  integer(position: number): number {
    return readInteger(this.bytes, position)
  }

  /** The double at `position`, NaN where it is no number. */
  double(position: number): number {
    return readDouble(this.bytes, position, this.tokenEnd(position))
  }

  private isName(key: Uint8Array, position: number): boolean {
    if (this.bytes[position] !== ASCII.quote) return false
    const before = this.bytes[position - 1]
    return (before === ASCII.comma || before === ASCII.open) && standsAt(this.bytes, key, position)
  }

  /** Goes on to the next member. False at the end, and where the text does not have the shape. */
  private nextMember(): boolean {
    const { bytes, position, end } = this
    if (position === UNFLAT || (position === end - 1 && bytes[position] === ASCII.close)) return false
    this.position = bytes[position] === ASCII.comma ? this.skipMember(position + 1) : UNFLAT
    return this.position !== UNFLAT
  }

  /** The position after the member that begins at `start`. */
  private skipMember(start: number): number {
    const { bytes, ranges } = this
    for (let member = 0; member < MEMBERS.length; member++) {
      const name = MEMBERS[member] as Uint8Array
      if (!standsAt(bytes, name, start)) continue
      const end = this.flatEnd(start + name.length)
      if (end < 0) return UNFLAT
      ranges[member * 2] = start + name.length
      ranges[member * 2 + 1] = end
      return end + 1
    }
    return this.skipFlag(start)
  }

  private skipFlag(start: number): number {
    const flag = FLAGS.find((each) => standsAt(this.bytes, each, start))
    return flag === undefined ? UNFLAT : start + flag.length
  }

  /** The closing brace of the object whose content begins at `start`; -1 where another object is inside. */
  private flatEnd(start: number): number {
    const { bytes, end } = this
    let inText = false
    for (let i = start; i < end; i++) {
      const byte = bytes[i]
      if (byte === ASCII.quote) inText = !inText
      else if (inText) {
        if (byte === ASCII.backslash) i++
      } else if (byte === ASCII.close) return i
      else if (byte === ASCII.open) return -1
    }
    return -1
  }
}

/** Whether `word` stands at a position. */
function standsAt(bytes: Uint8Array, word: Uint8Array, position: number): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[position + i] !== word[i]) return false
  return true
}

function asciiBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
