import { jsonText } from './json-text.js'

/** One line of CSV (RFC 4180): null is nothing, empty text is `""`, what is nested is JSON. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(field).join(',')}\n`
}

function field(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = textOf(value)
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Object.is(value, -0)) return '-0.0'
  return typeof value === 'object' ? jsonText(value) : String(value)
}
