import type { Literal } from '../../../expressions/predicate.js'
import { formatDate } from '../../../schema/date-text.js'
import { formatDecimal } from '../../../schema/number-text.js'
import { formatTimestamp } from '../../../schema/timestamp-text.js'
import { node, type PlanNode, type PlanValue } from './plan-json.js'

/** DuckDB's `infinity` in days and microseconds, and beyond: no value of a table. */
const LAST_DAY = 2_147_483_646
const LAST_MICROSECOND = 2n ** 63n - 2n

/** The constant of a plan as a literal, in a `value` field; undefined for types that predicates do not know. */
export function planConstant(constant: PlanNode): { readonly value: Literal } | undefined {
  if (constant.is_null === true) return { value: null }
  const type = node(constant.type)
  const { value } = constant
  switch (type?.id) {
    case 'BOOLEAN':
      return typeof value === 'boolean' ? { value } : undefined
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return typeof value === 'number' ? { value } : undefined
    case 'BIGINT':
      return literal(integer(value), (n) => n)
    case 'FLOAT':
    case 'DOUBLE':
      return literal(floating(value), (n) => n)
    case 'DECIMAL':
      return literal(integer(value), (n) => formatDecimal(n, Number(node(type.type_info)?.scale ?? 0)))
    case 'VARCHAR':
      return typeof value === 'string' ? { value } : undefined
    case 'BLOB':
      return typeof value === 'string' ? { value: blob(value) } : undefined
    case 'DATE':
      return typeof value === 'number' && Math.abs(value) < LAST_DAY ? { value: formatDate(value) } : undefined
    case 'TIMESTAMP':
      return literal(instant(value), (micros) => formatTimestamp(micros, { separator: 'T', digits: 6 }))
    case 'TIMESTAMP WITH TIME ZONE':
      return literal(instant(value), (micros) => `${formatTimestamp(micros, { separator: 'T', digits: 6 })}Z`)
    default:
      return undefined
  }
}

function literal<T>(value: T | undefined, toLiteral: (value: T) => Literal): { readonly value: Literal } | undefined {
  return value === undefined ? undefined : { value: toLiteral(value) }
}

function integer(value: PlanValue): bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value)
  // 128 bits, in two halves.
  const upper = node(value)?.upper
  const lower = node(value)?.lower
  if (upper === undefined || lower === undefined) return undefined
  return (BigInt(String(upper)) << 64n) | BigInt.asUintN(64, BigInt(String(lower)))
}

function floating(value: PlanValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return undefined
  if (/nan/i.test(value)) return Number.NaN
  return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function instant(value: PlanValue): bigint | undefined {
  const micros = integer(value)
  return micros === undefined || micros > LAST_MICROSECOND || micros < -LAST_MICROSECOND ? undefined : micros
}

/** DuckDB prints bytes outside printable ASCII, and the backslash, as `\xAA`. */
function blob(text: string): Uint8Array {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('\\x', i)) {
      bytes.push(Number.parseInt(text.slice(i + 2, i + 4), 16))
      i += 3
    } else bytes.push(text.charCodeAt(i))
  }
  return Uint8Array.from(bytes)
}
