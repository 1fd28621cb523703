import { quoteText } from '../../../expressions/sql-quote.js'
import type { Candidate } from './fitting-types.js'

/** More significant digits than a double keeps: as a double the number would be another one. */
const MOST_DIGITS = 17

const isLike =
  (pattern: string) =>
  (text: string): string =>
    `regexp_full_match(${text}, ${quoteText(pattern)})`

/** Digits without leading zeros: `00123` is a code, not a number. */
const WHOLE = isLike(String.raw`[+-]?(0|[1-9]\d*)`)
const FRACTIONAL = isLike(String.raw`(?i)[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity|nan)`)
const DAY = isLike(String.raw`\d{4}-\d\d-\d\d`)
const INSTANT = isLike(String.raw`\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?([zZ]|[+-]\d\d(:?\d\d)?))?)?`)

/** What text in the form of ISO 8601 may be. */
export const TIME_CANDIDATES: readonly Candidate[] = [
  { type: { type: 'date' }, looks: DAY },
  { type: { type: 'timestamp_ntz' }, looks: INSTANT },
  { type: { type: 'timestamp' }, looks: INSTANT },
]

/** What a column of texts may be, the narrowest first; what is none of these is text. */
export const TEXT_CANDIDATES: readonly Candidate[] = [
  { type: { type: 'boolean' }, looks: (text) => `lower(${text}) IN ('true', 'false')` },
  { type: { type: 'long' }, looks: WHOLE },
  { type: { type: 'decimal', precision: 38, scale: 0 }, looks: WHOLE },
  {
    type: { type: 'double' },
    looks: (text) => `(${FRACTIONAL(text)} AND len(${significant(text)}) <= ${MOST_DIGITS})`,
  },
  ...TIME_CANDIDATES,
]

/** The digits that count, as SQL. */
function significant(text: string): string {
  const mantissa = `regexp_replace(${text}, '[eE].*', '')`
  return `rtrim(regexp_replace(regexp_replace(${mantissa}, '^[-+0.]+', ''), '\\.', ''), '0')`
}
