import { parseDate } from '../schema/date-text.js'
import { parseTimestamp } from '../schema/timestamp-text.js'
import { fits, type LiteralFit } from './literal-fit.js'
import type { Literal } from './predicate.js'

const MICROS_PER_DAY = 86_400_000_000n
/** A fraction of a second with more than zeros after the microseconds, which parsing cuts off. */
const BEYOND_MICROSECONDS = /\.\d{6}\d*[1-9]/

/** Where a literal lies among dates: a time of day puts it between two; undefined where it is no date. */
export function fitDate(literal: Literal): LiteralFit | undefined {
  const days = typeof literal === 'string' ? parseDate(literal) : undefined
  if (days !== undefined) return fits(days)
  const instant = readInstant(literal)
  if (instant === undefined) return undefined
  const timeOfDay = ((instant.micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY
  const day = Number((instant.micros - timeOfDay) / MICROS_PER_DAY)
  return instant.exact && timeOfDay === 0n ? fits(day) : { at: 'gap', below: day }
}

/**
 * Where a literal lies among timestamps, with or without a zone: texts without a zone are UTC, and wall clocks are those of UTC. Undefined where it
 * is no instant.
 */
export function fitTimestamp(literal: Literal): LiteralFit | undefined {
  const instant = readInstant(literal)
  if (instant === undefined) return undefined
  return instant.exact ? fits(instant.micros) : { at: 'gap', below: instant.micros }
}

/** The last microsecond that is not after the literal, and whether that is the literal itself. */
function readInstant(literal: Literal): { readonly micros: bigint; readonly exact: boolean } | undefined {
  if (literal instanceof Date) {
    const { epochMicroseconds } = literal as { readonly epochMicroseconds?: unknown }
    // A date that carries microseconds, see MicrosecondDate.
    if (typeof epochMicroseconds === 'bigint') return { micros: epochMicroseconds, exact: true }
    const milliseconds = literal.getTime()
    return Number.isNaN(milliseconds) ? undefined : { micros: BigInt(milliseconds) * 1000n, exact: true }
  }
  if (typeof literal !== 'string') return undefined
  const micros = parseTimestamp(literal)
  return micros === undefined ? undefined : { micros, exact: !BEYOND_MICROSECONDS.test(literal) }
}
