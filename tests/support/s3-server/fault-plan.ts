import { matchesRequest, type RecordedRequest, type RequestFilter } from './request-log.js'

/**
 * What goes wrong with a request.
 *
 * - `reset`: the connection is cut before anything is done
 * - `drop-reply`: it is carried out, then the connection is cut
 * - `truncate`: half of the reply's body is sent, then the connection is cut
 * - `stall`: half of the reply's body is sent, the rest never comes
 * - `hang`: it is never answered
 * - `status`: it is refused, nothing is done
 * - `status-after`: it is carried out, then refused
 */
export type Fault =
  | { readonly type: 'reset' | 'drop-reply' | 'truncate' | 'stall' | 'hang' }
  | { readonly type: 'status' | 'status-after'; readonly status: number; readonly code: string }

/** The reply of a store that is asked too much. */
export const slowDown: Fault = { type: 'status', status: 503, code: 'SlowDown' }

interface PlannedFault {
  readonly filter: RequestFilter
  readonly fault: Fault
  skip: number
  times: number
}

/** Faults that wait for their requests. */
export class FaultPlan {
  #planned: PlannedFault[] = []

  /** The next `times` (default 1) requests that match fail, after `skip` (default 0) of them went well. */
  add(filter: RequestFilter, fault: Fault, options: { readonly times?: number; readonly skip?: number } = {}): void {
    this.#planned.push({ filter, fault, skip: options.skip ?? 0, times: options.times ?? 1 })
  }

  clear(): void {
    this.#planned = []
  }

  take(request: Pick<RecordedRequest, 'operation' | 'method' | 'key'>): Fault | undefined {
    for (const planned of this.#planned) {
      if (planned.times === 0 || !matchesRequest(request, planned.filter)) continue
      if (planned.skip > 0) planned.skip--
      else {
        planned.times--
        return planned.fault
      }
    }
    return undefined
  }
}
