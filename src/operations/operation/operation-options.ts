import type { Observer } from '../../runtime/observer.js'

/** What every operation takes beside its own options. */
export interface OperationOptions {
  /** Ends the operation with Aborted; what was committed by then stays committed. */
  readonly signal?: AbortSignal | undefined
  /** Told of progress, requests and warnings. */
  readonly observer?: Observer | undefined
  /** What the operation may hold before it spills to disk: bytes, or text as in `512MB` or `1GB`. Default: half of the machine's memory, 4 GB at most. */
  readonly memory?: number | string | undefined
  /** The folder that the SQL engine spills to. Default: a fresh one under the system's temporary folder, removed afterwards. */
  readonly temp?: string | undefined
  /**
   * How many versions a commit may try to become while other writers are faster. Default 1,000. Appends that share a commit go by the most patient of them, and so they do
   * with `commitTimeoutMs`.
   */
  readonly maxCommitAttempts?: number | undefined
  /** How long a commit may be tried, in milliseconds. Default 300,000. */
  readonly commitTimeoutMs?: number | undefined
}
