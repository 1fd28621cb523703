import { formatTimestamp } from '../schema/timestamp-text.js'

/**
 * An instant with microseconds: a `Date` (which stops at milliseconds) that carries the rest, so that reading and writing back loses
 * nothing.
 */
export class MicrosecondDate extends Date {
  /** Microseconds beyond the milliseconds of the `Date`: 0 to 999. */
  readonly microseconds: number

  constructor(epochMicroseconds: bigint) {
    const rest = BigInt.asIntN(64, ((epochMicroseconds % 1000n) + 1000n) % 1000n)
    super(Number((epochMicroseconds - rest) / 1000n))
    this.microseconds = Number(rest)
  }

  /** Microseconds since 1970-01-01T00:00:00Z. */
  get epochMicroseconds(): bigint {
    return BigInt(this.getTime()) * 1000n + BigInt(this.microseconds)
  }

  /** ISO 8601 in UTC with six digits after the second. */
  override toISOString(): string {
    if (Number.isNaN(this.getTime())) return super.toISOString()
    return `${formatTimestamp(this.epochMicroseconds, { separator: 'T', digits: 6 })}Z`
  }

  override toJSON(): string {
    return this.toISOString()
  }
}
