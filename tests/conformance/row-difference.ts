import { canonicalText } from './canonical-text.js'
import type { PlainRows } from './plain-value.js'
import type { StructJson } from './schema-json.js'

/**
 * What differs between two sets of rows of one schema, order and all: column names in order, rows in any order, each
 * as often as it stands. Undefined where nothing does.
 */
export function rowDifference(expected: PlainRows, actual: PlainRows, schema: StructJson): string | undefined {
  const names = schema.fields.map((field) => field.name)
  if (names.join('\n') !== actual.columns.join('\n')) return `columns ${actual.columns}, expected ${names}`
  const balance = new Map<string, number>()
  for (const text of rowTexts(expected, schema)) balance.set(text, (balance.get(text) ?? 0) + 1)
  for (const text of rowTexts(actual, schema)) balance.set(text, (balance.get(text) ?? 0) - 1)
  const missing = [...balance].filter(([, count]) => count > 0).map(([text]) => text)
  const surplus = [...balance].filter(([, count]) => count < 0).map(([text]) => text)
  if (missing.length === 0 && surplus.length === 0) return undefined
  return [
    `${actual.rows.length} rows, expected ${expected.rows.length}`,
    `missing ${missing.slice(0, 2).join(' ').slice(0, 300)}`,
    `unexpected ${surplus.slice(0, 2).join(' ').slice(0, 300)}`,
  ].join('; ')
}

function rowTexts(rows: PlainRows, schema: StructJson): string[] {
  const places = schema.fields.map((field) => rows.columns.indexOf(field.name))
  const absent = schema.fields.filter((_, i) => places[i] === -1)
  if (absent.length > 0) throw new TypeError(`no column ${absent.map((field) => field.name)} among ${rows.columns}`)
  return rows.rows.map((row) =>
    schema.fields.map((field, i) => canonicalText(row[places[i] as number] ?? null, field.type)).join(' | '),
  )
}
