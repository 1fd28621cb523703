import type { JsonValue } from './data-type.js'
import { readJson } from './json-reader.js'

const LONG_NUMBER = /\d{16}/
const INTEGER = /^-?\d+$/

/**
 * Parses JSON without losing integers: those that a double cannot hold exactly become `bigint`, all other numbers are `number`.
 * As fast as `JSON.parse` where the text has no run of 16 digits. SyntaxError where the text is not JSON.
 */
export function parseJson(text: string): JsonValue {
  return LONG_NUMBER.test(text) ? readJson(text, exactInteger) : (JSON.parse(text) as JsonValue)
}

/** `bigint` for the text of an integer that a double cannot hold exactly, else `number`. */
function exactInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) || !INTEGER.test(text) ? value : BigInt(text)
}

/**
 * JSON text of a value on one line; a `bigint` is written as an integer. Members that are `undefined` are left out, as `JSON.stringify` does.
 */
export function stringifyJson(value: JsonValue): string {
  return hasBigint(value) ? write(value) : JSON.stringify(value)
}

function hasBigint(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint'
  if (Array.isArray(value)) return value.some(hasBigint)
  for (const name in value) if (hasBigint((value as Record<string, JsonValue>)[name])) return true
  return false
}

function write(value: JsonValue): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`
}
