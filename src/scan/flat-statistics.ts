const START = '{"numRecords":'
const MEMBERS = ['"minValues":{', '"maxValues":{', '"nullCount":{'] as const
const FLAGS = ['"tightBounds":true', '"tightBounds":false'] as const

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const OPEN = 0x7b
const CLOSE = 0x7d
const LETTERS = { i: 0x69, m: 0x6d, n: 0x6e, t: 0x74 } as const

/** Counts of more digits are left to the full parser. */
const SAFE_DIGITS = 15

const POWERS_OF_TEN = Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/** Which part of the statistics a column is looked up in. */
export type StatisticsMember = 0 | 1 | 2
export const MIN_VALUES: StatisticsMember = 0
export const MAX_VALUES: StatisticsMember = 1
export const NULL_COUNT: StatisticsMember = 2

/** {@link FlatStatistics.find}: there is no value. */
export const MISSING = -1
/** {@link FlatStatistics.find}: the text does not have the shape. */
export const UNFLAT = -2

/**
 * Finds single values in the `stats` of a file without parsing all of it, if the text has the shape that most writers give it: no spaces between tokens, `numRecords` first,
 * no struct columns, no braces in texts. In such a text the values of a column are found by searching for its name: a quote after a brace or a comma
 * begins a name, for inside a text quotes bear a backslash. Only the members before the one asked for are looked at.
 */
export class FlatStatistics {
  text = ''
  numRecords = 0
  private hasEscapes = false
  /** Start and end of each member; both 0 where it was not met. */
  private readonly ranges = new Int32Array(MEMBERS.length * 2)
  /** The end of the last member that was met; {@link UNFLAT} once there was something unexpected. */
  private position = 0

  /** Turns to another text. False where it does not begin in the right shape. */
  open(text: string): boolean {
    this.text = text
    this.ranges.fill(0)
    if (!text.startsWith(START)) return false
    this.numRecords = this.smallInteger(START.length)
    if (!(this.numRecords >= 0)) return false
    this.position = this.tokenEnd(START.length)
    this.hasEscapes = text.includes('\\')
    return true
  }

  /** The position of the value of a column. @param key the column's name as JSON text with a colon */
  find(member: StatisticsMember, key: string): number | typeof MISSING | typeof UNFLAT {
    const { text, ranges } = this
    while (ranges[member * 2 + 1] === 0) {
      if (!this.nextMember()) return this.position === UNFLAT ? UNFLAT : MISSING
    }
    const end = ranges[member * 2 + 1] as number
    for (let from = ranges[member * 2] as number; from < end; ) {
      const found = text.indexOf(key, from)
      if (found < 0 || found >= end) return MISSING
      const before = text.charCodeAt(found - 1)
      if (before === COMMA || before === OPEN) return found + key.length
      from = found + 1
    }
    return MISSING
  }

  /** The double at `position`: NaN where it is no number. */
  double(position: number): number {
    const { text } = this
    const negative = text.charCodeAt(position) === MINUS
    let digits = 0
    let mantissa = 0
    let scale = -1
    for (let end = negative ? position + 1 : position; ; end++) {
      const unit = text.charCodeAt(end)
      if (unit >= ZERO && unit <= NINE) {
        mantissa = mantissa * 10 + unit - ZERO
        digits++
        if (scale >= 0) scale++
      } else if (unit === POINT && scale < 0) {
        scale = 0
      } else if ((unit === COMMA || unit === CLOSE) && digits > 0 && digits <= SAFE_DIGITS) {
        // Both are exact, so that their quotient is the double nearest to the text.
        const value = scale > 0 ? mantissa / (POWERS_OF_TEN[scale] as number) : mantissa
        return negative ? -value : value
      } else {
        return Number(text.slice(position, this.tokenEnd(position)))
      }
    }
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
    const negative = text.charCodeAt(position) === MINUS
    const start = negative ? position + 1 : position
    let value = 0
    for (let end = start; ; end++) {
      const unit = text.charCodeAt(end)
      if (unit >= ZERO && unit <= NINE) value = value * 10 + unit - ZERO
      else if (end === start || end - start > SAFE_DIGITS || (unit !== COMMA && unit !== CLOSE)) return Number.NaN
      else return negative ? -value : value
    }
  }

  /** Goes on to the next member. False at the end, and where the text does not have the shape. */
  private nextMember(): boolean {
    const { text, position } = this
    if (position === UNFLAT) return false
    if (text.charCodeAt(position) === CLOSE && position === text.length - 1) return false
    this.position = text.charCodeAt(position) === COMMA ? this.skipMember(position + 1) : UNFLAT
    return this.position !== UNFLAT
  }

  /** The position after the member that begins at `start`. */
  private skipMember(start: number): number {
    const { text } = this
    const member = memberNamed(text.charCodeAt(start + 1), text.charCodeAt(start + 2))
    const name = MEMBERS[member]
    if (name === undefined || !text.startsWith(name, start)) return this.skipFlag(start)
    const inside = start + name.length
    const end = text.indexOf('}', inside)
    const nested = text.indexOf('{', inside)
    if (end < 0 || (nested >= 0 && nested < end) || !this.endsMember(end)) return UNFLAT
    this.ranges[member * 2] = inside
    this.ranges[member * 2 + 1] = end
    return end + 1
  }

  /** Whether a brace can be the end of a member: then another one begins behind it, or the text ends. Inside a text the quote would bear a backslash. */
  private endsMember(end: number): boolean {
    const { text } = this
    if (text.charCodeAt(end + 1) === CLOSE) return end + 2 === text.length
    const letter = text.charCodeAt(end + 3)
    return (
      text.charCodeAt(end + 1) === COMMA &&
      text.charCodeAt(end + 2) === QUOTE &&
      (letter === LETTERS.m || letter === LETTERS.n || letter === LETTERS.t)
    )
  }

  private skipFlag(start: number): number {
    const flag = FLAGS.find((each) => this.text.startsWith(each, start))
    return flag === undefined ? UNFLAT : start + flag.length
  }
}

/** Told by the first two letters of the name. */
function memberNamed(first: number, second: number): number {
  if (first === LETTERS.n) return NULL_COUNT
  if (first !== LETTERS.m) return MEMBERS.length
  return second === LETTERS.i ? MIN_VALUES : MAX_VALUES
}
