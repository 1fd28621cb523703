const UNITS: ReadonlyMap<string, number> = new Map([
  ['microsecond', 0.001],
  ['millisecond', 1],
  ['second', 1000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 604_800_000],
])
const PART = /(-?\d+(?:\.\d+)?)\s*([a-z]+?)s?(?:\s+|$)/y

/**
 * Milliseconds of an interval as Spark writes it: `interval 30 days`, `1 week 12 hours`; the word `interval` may be left out. Undefined where the text
 * is none, is negative, or counts months or years, whose length varies.
 */
export function parseInterval(text: string): number | undefined {
  const parts = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '')
  if (parts === '') return undefined
  let milliseconds = 0
  PART.lastIndex = 0
  while (PART.lastIndex < parts.length) {
    const match = PART.exec(parts)
    const unit = UNITS.get(match?.[2] ?? '')
    if (match === null || unit === undefined) return undefined
    milliseconds += Number(match[1]) * unit
  }
  return milliseconds >= 0 ? milliseconds : undefined
}
