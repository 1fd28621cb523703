import type { DuckDBType } from '@duckdb/node-api'
import type { DataType } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import type { Check, Conversion } from './conversion.js'

/** What the text of a type looks like, as a regular expression; what does not is unreadable. */
function pattern(type: DataType): string | undefined {
  switch (type.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return String.raw`\s*[+-]?\d+(\.0*)?\s*`
    case 'decimal':
      return String.raw`\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*`
    default:
      return undefined
  }
}

/**
 * Reads the text of a CSV field or a JSON value as a type, without rounding or cutting anything. An empty text is null for every
 * type but strings and bytes.
 * @param x SQL of type VARCHAR, or JSON
 */
export function convertText(x: string, from: DuckDBType, to: DataType, path: readonly string[]): Conversion {
  const isJson = from.alias === 'JSON'
  if (to.type === 'string') return { value: isJson ? `(${x} ->> '$')` : x, checks: [] }
  if (to.type === 'binary') return convertBase64(isJson ? `(${x} ->> '$')` : x, to, path)
  const text = `nullif(trim(${isJson ? `(${x} ->> '$')` : x}), '')`
  const value = `TRY_CAST(${text} AS ${typeSql(to)})`
  const check = (problem: Check['problem'], condition: string): Check => ({
    condition: `coalesce(${text} IS NOT NULL AND (${condition}), FALSE)`,
    path,
    problem,
    expected: to,
    subject: x,
  })
  const expected = pattern(to)
  const unreadable = expected === undefined ? `${value} IS NULL` : `NOT regexp_full_match(${text}, '${expected}')`
  const unfit = isJson ? `${loss(text, value, to)} OR ${lostDigits(x, text)}` : loss(text, value, to)
  return {
    value,
    checks: [check('unreadable', unreadable), ...(unfit === undefined ? [] : [check('unfit', unfit)])],
  }
}

/** Bytes are base64 in text, as they are where rows are printed; an empty text is no bytes. */
function convertBase64(x: string, to: DataType, path: readonly string[]): Conversion {
  const value = `TRY(from_base64(trim(${x})))`
  const condition = `(${x} IS NOT NULL AND ${value} IS NULL)`
  return { value, checks: [{ condition, path, problem: 'unreadable', expected: to, subject: x }] }
}

/** Where a text that is readable does not survive the cast. */
function loss(text: string, value: string, to: DataType): string | undefined {
  switch (to.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return `${value} IS NULL`
    case 'decimal': {
      // Digits beyond the scale may be zeros only; with an exponent a double tells.
      const fraction = String.raw`\.\d{${to.scale}}\d*[1-9]`
      return `${value} IS NULL OR regexp_matches(${text}, '${fraction}') OR (regexp_matches(${text}, '[eE]') AND CAST(${value} AS DOUBLE) <> TRY_CAST(${text} AS DOUBLE))`
    }
    case 'float':
      return `isinf(${value}) AND NOT regexp_matches(lower(${text}), 'inf')`
    case 'double':
      return `isinf(${value}) AND NOT regexp_matches(lower(${text}), 'inf')`
    case 'date':
      return `TRY_CAST(${text} AS TIMESTAMP) <> CAST(${value} AS TIMESTAMP)`
    case 'timestamp':
      return String.raw`regexp_matches(${text}, ':\d+\.\d{6}\d*[1-9]')`
    case 'timestamp_ntz':
      return String.raw`regexp_matches(${text}, ':\d+\.\d{6}\d*[1-9]') OR regexp_matches(${text}, ':\d+.*([zZ]|[+-]\d\d(:?\d\d)?)$')`
    default:
      return undefined
  }
}

/** A JSON number with a fraction went through a double, which keeps 15 digits. */
function lostDigits(x: string, text: string): string {
  const digits = String.raw`regexp_replace(regexp_replace(${text}, '[eE].*', ''), '^[-0.]+|\.', '', 'g')`
  return `(json_type(${x}) = 'DOUBLE' AND len(${digits}) > 15)`
}
