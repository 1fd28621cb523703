import { DeltaError } from '../errors/delta-error.js'
import { byteCount } from '../operations/operation/byte-count.js'
import { parseInterval } from '../protocol/properties/interval.js'

/** When a writer commits what it holds: as soon as one of these is reached. */
export interface WriterOptions {
  /** Rows. Default: 10,000. */
  readonly flushRows?: number | undefined
  /** About so many bytes of row values: a number, or text as in `8MB`. Default: 8 MiB. */
  readonly flushBytes?: number | string | undefined
  /** How long the oldest row waits: milliseconds, or text as in `5 seconds`. Default: 1,000 ms. */
  readonly flushInterval?: number | string | undefined
}

export interface FlushLimits {
  readonly rows: number
  readonly bytes: number
  readonly ms: number
}

/** @throws InvalidArgument, naming the option */
export function flushLimits(options: WriterOptions): FlushLimits {
  const { flushRows = 10_000, flushBytes = 8 << 20, flushInterval = 1000 } = options
  if (!Number.isSafeInteger(flushRows) || flushRows < 1) {
    throw new DeltaError('InvalidArgument', `flushRows is ${flushRows}: give a whole number of rows from 1 on.`)
  }
  const ms = typeof flushInterval === 'number' ? flushInterval : parseInterval(flushInterval)
  // Longer timers than Node's would fire at once.
  if (ms === undefined || !(ms >= 0 && ms <= 0x7fff_ffff)) {
    throw new DeltaError(
      'InvalidArgument',
      `flushInterval is '${flushInterval}': give milliseconds, or text such as '5 seconds', up to 24 days.`,
    )
  }
  return { rows: flushRows, bytes: byteCount('flushBytes', flushBytes), ms }
}
