import type { RowValue } from '../../../arrow/row.js'
import { SHOWN_CHARACTERS } from './rule-error.js'

/** A value of a row for an error: short. */
export function rowText(value: RowValue | undefined): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  const text = typeof value === 'object' ? JSON.stringify(value, plain) : String(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), each]))
  return value instanceof Uint8Array ? `${value.byteLength} bytes` : value
}
