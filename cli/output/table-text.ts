import { jsonText } from './json-text.js'

/** A cell longer than this is cut when the width of the screen is not known. */
const LONGEST_CELL = 60
/** No cell is cut shorter than this. */
const NARROWEST_CELL = 8

export interface TableOptions {
  /** Columns of the screen; longer lines are made to fit by cutting the widest cells. */
  readonly width?: number | undefined
}

/**
 * Rows as a table for people: numbers to the right, nulls as `NULL`. Empty where there are no columns.
 */
export function tableText(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  { width }: TableOptions = {},
): string {
  if (columns.length === 0) return ''
  const cells = rows.map((row) => columns.map((_, i) => cellText(row[i])))
  const natural = columns.map((name, i) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[i] as string)), textWidth(name)),
  )
  const right = columns.map((_, i) => rows.length > 0 && rows.every((row) => isNumeric(row[i])))
  const widths = fitWidths(natural, right, width)
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => pad(text, widths[i] as number, right[i] as boolean))
      .join('  ')
      .trimEnd()
  const rule = widths.map((count) => '-'.repeat(count)).join('  ')
  return `${[line(columns), rule, ...cells.map(line)].join('\n')}\n`
}

/** Names and values, one a line. */
export function propertiesText(properties: readonly (readonly [name: string, value: unknown])[]): string {
  const longest = Math.max(0, ...properties.map(([name]) => textWidth(name)))
  return properties.map(([name, value]) => `${pad(name, longest, false)}  ${cellText(value)}\n`).join('')
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : jsonText(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what would move the cursor is what must not reach the screen
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => JSON.stringify(char).slice(1, -1))
}

function isNumeric(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint'
}

/** Takes width from the widest columns of text, one character at a time, until the line fits. A number that is cut would be another one. */
function fitWidths(natural: readonly number[], numeric: readonly boolean[], width: number | undefined): number[] {
  // Some terminals say that they have no columns.
  if (!width) return natural.map((count, i) => (numeric[i] ? count : Math.min(count, LONGEST_CELL)))
  const widths = [...natural]
  const shrinkable = (): number =>
    widths.reduce((widest, count, i) => {
      return numeric[i] || count <= NARROWEST_CELL || count <= (widths[widest] ?? 0) ? widest : i
    }, -1)
  const available = width - 2 * (widths.length - 1)
  for (let total = widths.reduce((a, b) => a + b, 0); total > available; total--) {
    const widest = shrinkable()
    if (widest < 0) break
    widths[widest] = (widths[widest] as number) - 1
  }
  return widths
}

function pad(text: string, width: number, right: boolean): string {
  const shown = cut(text, width)
  const space = ' '.repeat(Math.max(0, width - textWidth(shown)))
  return right ? space + shown : shown + space
}

function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  if (isPlain(text)) return `${text.slice(0, width - 1)}…`
  let kept = ''
  let taken = 0
  for (const segment of segments(text)) {
    taken += segmentWidth(segment)
    if (taken > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** Places on the screen; East Asian wide characters and emoji take two. */
function textWidth(text: string): number {
  if (isPlain(text)) return text.length
  let width = 0
  for (const segment of segments(text)) width += segmentWidth(segment)
  return width
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}

/** What a reader sees as one character. */
function segments(text: string): Iterable<string> {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
}

function segmentWidth(segment: string): number {
  return WIDE.test(segment) ? 2 : 1
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u
