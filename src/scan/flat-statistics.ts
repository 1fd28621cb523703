const START = '{"numRecords":'
const MEMBERS = ['"minValues":{', '"maxValues":{', '"nullCount":{'] as const
const FLAGS = ['"tightBounds":true', '"tightBounds":false'] as const

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const OPEN = 0x7b
const CLOSE = 0x7d

/** Counts of more digits are left to the full parser. */
const SAFE_DIGITS = 15

/** Which part of the statistics a column is looked up in. */
export type StatisticsMember = 0 | 1 | 2
export const MIN_VALUES: StatisticsMember = 0
export const MAX_VALUES: StatisticsMember = 1
export const NULL_COUNT: StatisticsMember = 2

/**
 * Finds single values in the `stats` of a file without parsing all of it, if the text has the shape that most writers give it: no spaces between tokens, `numRecords` first,
 * no struct columns, no braces in texts. In such a text the values of a column are found by searching for its name: a quote after a brace or a comma
 * begins a name, for inside a text quotes bear a backslash.
 */
export class FlatStatistics {
  text = ''
  numRecords = 0
  private hasEscapes = false
  /** Start and end of each member; both 0 where it is missing. */
  private readonly ranges = new Int32Array(MEMBERS.length * 2)

  /** Turns to another text. False where it does not have the shape. */
  open(text: string): boolean {
    this.text = text
    this.hasEscapes = text.includes('\\')
    this.ranges.fill(0)
    if (!text.startsWith(START)) return false
    let position = this.readNumRecords(START.length)
    while (position > 0 && text.charCodeAt(position) === COMMA) position = this.skipMember(position + 1)
    return position === text.length - 1 && text.charCodeAt(position) === CLOSE
  }

  /** The position of the value of a column, -1 where it has none. @param key the column's name as JSON text with a colon */
  find(member: StatisticsMember, key: string): number {
    const { text, ranges } = this
    const start = ranges[member * 2] as number
    const end = ranges[member * 2 + 1] as number
    for (let from = start; from < end; ) {
      const found = text.indexOf(key, from)
      if (found < 0 || found >= end) return -1
      const before = text.charCodeAt(found - 1)
      if (before === COMMA || before === OPEN) return found + key.length
      from = found + 1
    }
    return -1
  }

  /** The end of the text that begins with the quote at `position`; -1 where it has escapes. */
  textEnd(position: number): number {
    const end = this.text.indexOf('"', position + 1)
    if (!this.hasEscapes) return end
    const backslash = this.text.indexOf('\\', position + 1)
    return backslash >= 0 && backslash < end ? -1 : end
  }

  isText(position: number): boolean {
    return this.text.charCodeAt(position) === QUOTE
  }

  isNull(position: number): boolean {
    return this.text.startsWith('null', position)
  }

  /** The end of the number, `true`, `false` or `null` at `position`. */
  tokenEnd(position: number): number {
    const { text } = this
    for (let end = position; ; end++) {
      const unit = text.charCodeAt(end)
      if (unit === COMMA || unit === CLOSE || Number.isNaN(unit)) return end
    }
  }

  /** The whole number at `position` if it is one of at most 15 digits; NaN otherwise. */
  smallInteger(position: number): number {
    const { text } = this
    const negative = text.charCodeAt(position) === 0x2d
    const start = negative ? position + 1 : position
    let value = 0
    for (let end = start; ; end++) {
      const unit = text.charCodeAt(end)
      if (unit >= ZERO && unit <= NINE) value = value * 10 + unit - ZERO
      else if (end === start || end - start > SAFE_DIGITS || (unit !== COMMA && unit !== CLOSE)) return Number.NaN
      else return negative ? -value : value
    }
  }

  private readNumRecords(start: number): number {
    this.numRecords = this.smallInteger(start)
    return this.numRecords >= 0 ? this.tokenEnd(start) : -1
  }

  /** The position after the member that begins at `start`; -1 where it is none that is known, or is not flat. */
  private skipMember(start: number): number {
    const { text } = this
    for (const [member, name] of MEMBERS.entries()) {
      if (!text.startsWith(name, start)) continue
      const inside = start + name.length
      const end = text.indexOf('}', inside)
      const nested = text.indexOf('{', inside)
      if (end < 0 || (nested >= 0 && nested < end)) return -1
      this.ranges[member * 2] = inside
      this.ranges[member * 2 + 1] = end
      return end + 1
    }
    const flag = FLAGS.find((each) => text.startsWith(each, start))
    return flag === undefined ? -1 : start + flag.length
  }
}
