import type { S3Operation } from './s3-request.js'

/** One request as the server saw it. */
export interface RecordedRequest {
  readonly operation: S3Operation
  readonly method: string
  readonly bucket: string
  readonly key: string
  /** The Range header, if there was one. */
  readonly range?: string
  /** The prefix of a listing. */
  readonly prefix?: string
  /** Bytes of the request's body. */
  readonly bytesIn: number
  /** Bytes of the reply's body. */
  bytesOut: number
  /** The HTTP status; 0 while under way, or where the connection was cut. */
  status: number
  /** Places in the order of all beginnings and ends. */
  readonly begun: number
  ended: number
}

/** Which requests are meant; unset fields match all. A string key must be equal, or end with `/` + it. */
export interface RequestFilter {
  readonly operation?: S3Operation
  readonly method?: string
  readonly key?: string | RegExp
}

/** Every request since the start or the last {@link RequestLog.clear}: for tests that count. */
export class RequestLog {
  all: RecordedRequest[] = []
  /** The most requests that were under way at once. */
  maxConcurrent = 0
  #underWay = 0
  #tick = 0

  clear(): void {
    this.all = []
    this.maxConcurrent = this.#underWay
  }

  /** How many requests match. */
  count(filter: RequestFilter = {}): number {
    return this.all.filter((request) => matchesRequest(request, filter)).length
  }

  /** The keys of the requests that match, in the order in which they came. */
  keys(filter: RequestFilter = {}): string[] {
    return this.all.filter((request) => matchesRequest(request, filter)).map((request) => request.key)
  }

  /** `{ GetObject: 2, ListObjectsV2: 1 }` */
  counts(): Partial<Record<S3Operation, number>> {
    const counts: Partial<Record<S3Operation, number>> = {}
    for (const { operation } of this.all) counts[operation] = (counts[operation] ?? 0) + 1
    return counts
  }

  /**
   * The longest chain of requests each of which began after the one before had ended: round trips, one after another.
   * Start the server with a latency of some milliseconds, so that requests sent together are also seen together.
   */
  depth(): number {
    const depths: { ended: number; depth: number }[] = []
    for (const { begun, ended } of this.all) {
      const before = depths.filter((other) => other.ended < begun).map((other) => other.depth)
      depths.push({ ended, depth: 1 + Math.max(0, ...before) })
    }
    return Math.max(0, ...depths.map(({ depth }) => depth))
  }

  begin(request: Omit<RecordedRequest, 'begun' | 'ended' | 'status' | 'bytesOut'>): RecordedRequest {
    const record = { ...request, status: 0, bytesOut: 0, begun: this.#tick++, ended: Number.POSITIVE_INFINITY }
    this.all.push(record)
    this.maxConcurrent = Math.max(this.maxConcurrent, ++this.#underWay)
    return record
  }

  end(record: RecordedRequest): void {
    if (record.ended !== Number.POSITIVE_INFINITY) return
    record.ended = this.#tick++
    this.#underWay--
  }
}

export function matchesRequest(
  request: Pick<RecordedRequest, 'operation' | 'method' | 'key'>,
  filter: RequestFilter,
): boolean {
  if (filter.operation !== undefined && filter.operation !== request.operation) return false
  if (filter.method !== undefined && filter.method !== request.method) return false
  if (filter.key === undefined) return true
  if (filter.key instanceof RegExp) return filter.key.test(request.key)
  return request.key === filter.key || request.key.endsWith(`/${filter.key}`)
}
