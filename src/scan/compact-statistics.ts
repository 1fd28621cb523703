import type { Utf8Slice } from '../snapshot/file-list.js'
import { ASCII, readDouble, readInteger } from './ascii.js'

const START = utf8Bytes('{"numRecords":')
const MEMBERS = [utf8Bytes('"minValues":{'), utf8Bytes('"maxValues":{'), utf8Bytes('"nullCount":{')] as const
const FLAGS = [utf8Bytes('"tightBounds":true'), utf8Bytes('"tightBounds":false')] as const

/** Which part of the statistics a column is looked up in. */
export type StatisticsMember = 0 | 1 | 2
export const MIN_VALUES: StatisticsMember = 0
export const MAX_VALUES: StatisticsMember = 1
export const NULL_COUNT: StatisticsMember = 2

/** How a column is looked up in texts. */
export interface ColumnKey {
  /** Each name on the way to it as JSON text with a colon. */
  readonly names: readonly Uint8Array[]
  /** Where it stood in each member of the last text: it is looked for there first, for the texts of one table are alike. */
  readonly offsets: Int32Array
}

/** Undefined where a name could be mistaken for the end of a text and what follows. @param path physical names */
export function columnKey(path: readonly string[]): ColumnKey | undefined {
  if (path.some((name) => /^[,}]/.test(name))) return undefined
  return { names: path.map((name) => utf8Bytes(`${JSON.stringify(name)}:`)), offsets: new Int32Array(MEMBERS.length) }
}

/** {@link CompactStatistics.find}: there is no value. */
export const MISSING = -1
/** {@link CompactStatistics.find}: the text does not have the shape. */
export const UNKNOWN = -2

/**
 * Finds single values in the `stats` of a file without parsing all of it, if the text has the shape that most writers give it: no spaces between tokens and `numRecords`
 * first. Only the members up to the one asked for are looked at. Where these hold no struct columns, the value of a column is found by searching for its
 * name: a quote after a brace or a comma begins a name, for inside a text quotes bear a backslash.
 */
export class CompactStatistics {
  bytes: Uint8Array = new Uint8Array(0)
  numRecords = 0
  private end = 0
  /** Start and end of each member; both 0 where it was not met. */
  private readonly ranges = new Int32Array(MEMBERS.length * 2)
  /** Whether a member holds struct columns. */
  private readonly nested = new Uint8Array(MEMBERS.length)
  /** The end of the last member that was met; {@link UNKNOWN} once there was something unexpected. */
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
  find(member: StatisticsMember, key: ColumnKey): number | typeof MISSING | typeof UNKNOWN {
    const { ranges } = this
    while (ranges[member * 2 + 1] === 0) {
      if (!this.nextMember()) return this.position === UNKNOWN ? UNKNOWN : MISSING
    }
    const start = ranges[member * 2] as number
    const end = ranges[member * 2 + 1] as number
    if (this.nested[member] === 1) return this.walk(start, key.names)
    const [name, ...inner] = key.names
    if (name === undefined || inner.length > 0) return MISSING
    return this.search(name, start, end, member, key.offsets)
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

  private search(name: Uint8Array, start: number, end: number, member: number, offsets: Int32Array): number {
    const likely = start + (offsets[member] as number)
    if (likely < end && this.isName(name, likely)) return likely + name.length
    for (let position = start; position < end; position++) {
      if (!this.isName(name, position)) continue
      offsets[member] = position - start
      return position + name.length
    }
    return MISSING
  }

  /** Goes through the object whose content begins at `start`, member by member, down the names. */
  private walk(start: number, names: readonly Uint8Array[]): number {
    const { bytes } = this
    let level = 0
    let position = start
    while (bytes[position] === ASCII.quote) {
      const name = names[level] as Uint8Array
      const matches = standsAt(bytes, name, position)
      const value = this.skipText(position) + 1
      if (value <= 0 || bytes[value - 1] !== ASCII.colon) return UNKNOWN
      if (matches && level === names.length - 1) return value
      if (matches && bytes[value] !== ASCII.open) return MISSING
      if (matches) {
        level++
        position = value + 1
        continue
      }
      position = this.skipValue(value)
      if (bytes[position] === ASCII.close) return MISSING
      if (bytes[position] !== ASCII.comma) return UNKNOWN
      position++
    }
    return bytes[position] === ASCII.close ? MISSING : UNKNOWN
  }

  /** The position after the text that begins at `position`; -1 where it does not end. */
  private skipText(position: number): number {
    const { bytes, end } = this
    for (let i = position + 1; i < end; i++) {
      if (bytes[i] === ASCII.quote) return i + 1
      if (bytes[i] === ASCII.backslash) i++
    }
    return -1
  }

  /** The position after the value that begins at `position`; -1 where it does not end. */
  private skipValue(position: number): number {
    const { bytes, end } = this
    let depth = 0
    for (let i = position; i < end; i++) {
      const byte = bytes[i]
      if (byte === ASCII.quote) {
        i = this.skipText(i) - 1
        if (i < 0) return -1
      } else if (byte === ASCII.open || byte === ASCII.openList) depth++
      else if (byte === ASCII.close || byte === ASCII.closeList) {
        if (depth === 0) return i
        depth--
      } else if (byte === ASCII.comma && depth === 0) return i
    }
    return -1
  }

  private isName(key: Uint8Array, position: number): boolean {
    if (this.bytes[position] !== ASCII.quote) return false
    const before = this.bytes[position - 1]
    return (before === ASCII.comma || before === ASCII.open) && standsAt(this.bytes, key, position)
  }

  /** Goes on to the next member. False at the end, and where the text does not have the shape. */
  private nextMember(): boolean {
    const { bytes, position, end } = this
    if (position === UNKNOWN || (position === end - 1 && bytes[position] === ASCII.close)) return false
    this.position = bytes[position] === ASCII.comma ? this.skipMember(position + 1) : UNKNOWN
    return this.position !== UNKNOWN
  }

  /** The position after the member that begins at `start`. */
  private skipMember(start: number): number {
    const { bytes, ranges } = this
    for (let member = 0; member < MEMBERS.length; member++) {
      const name = MEMBERS[member] as Uint8Array
      if (!standsAt(bytes, name, start)) continue
      this.nested[member] = 0
      const end = this.objectEnd(start + name.length, member)
      if (end < 0) return UNKNOWN
      ranges[member * 2] = start + name.length
      ranges[member * 2 + 1] = end
      return end + 1
    }
    return this.skipFlag(start)
  }

  private skipFlag(start: number): number {
    const flag = FLAGS.find((each) => standsAt(this.bytes, each, start))
    return flag === undefined ? UNKNOWN : start + flag.length
  }

  /** The closing brace of the member whose content begins at `start`; -1 where there is none. Notes whether other objects are inside. */
  private objectEnd(start: number, member: number): number {
    const { bytes, end } = this
    let depth = 0
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number
      if (byte === ASCII.quote) {
        i++
        while (i < end && bytes[i] !== ASCII.quote) i += bytes[i] === ASCII.backslash ? 2 : 1
      } else if (byte < ASCII.open) {
        // Digits and punctuation, most of what there is.
      } else if (byte === ASCII.open) {
        this.nested[member] = 1
        depth++
      } else if (byte === ASCII.close && depth-- === 0) return i
    }
    return -1
  }
}

/** Whether `word` stands at a position. */
function standsAt(bytes: Uint8Array, word: Uint8Array, position: number): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[position + i] !== word[i]) return false
  return true
}

function utf8Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
