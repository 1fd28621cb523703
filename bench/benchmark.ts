import { join } from 'node:path'

/** What one run is judged by. Wall-clock milliseconds unless it says otherwise. */
export interface Measured {
  readonly ms?: number
  readonly cpuMs?: number
  /** Requests that had to wait for another one. */
  readonly roundTrips?: number
}

/** One side of a benchmark, in a process of its own. */
export interface Side {
  /** Made ready before each run, outside the measurement. */
  before?(run: number): Promise<void>
  /** The work. What it measured itself replaces the harness's clock. */
  run(run: number): Promise<Measured | undefined>
}

/** Misses of these fail `npm run bench`; ratios count only where the other side ran. */
interface Goals {
  /** Time of the other side divided by ours, at least. */
  readonly ratio?: number
  readonly ms?: number
  readonly cpuMs?: number
  readonly roundTrips?: number
  /** Peak resident memory of our process, in MiB. */
  readonly rssMb?: number
}

/** Where data lies and how much of it to make. */
export interface DataRequest {
  /** A folder that stays: data made once is found again. */
  readonly cache: string
  /** Seconds instead of minutes: enough to see that everything runs. */
  readonly quick: boolean
}

/** The same data in small, to warm up with. */
export function inSmall(request: DataRequest): DataRequest {
  return { quick: true, cache: join(request.cache, '..', 'quick') }
}

/**
 * A row of the table. Each stands in a file of its own under rows/, which names it; the other side is the Python file
 * of the same name, or a second function here.
 */
export interface Benchmark<Args = unknown> {
  readonly title: string
  readonly goals: Goals
  /** A new process for every run, for work whose memory is judged; else one process does them all. */
  readonly freshProcess?: boolean
  /** What the other side is; `before` is our own work before a change. `deltalake` is only run with --peers. */
  readonly peer?: 'deltalake' | 'duckdb' | 'before'
  /** The Python file under rows/, without its ending. Default: the name of the row. */
  readonly theirScript?: string
  /** Makes the data; what it returns is passed to both sides as JSON. */
  prepare(request: DataRequest): Promise<Args>
  /**
   * Our side. It may warm up with the same work in small: importing the other side loads all of its native code before its
   * clock starts, and ours is loaded when it is first used.
   */
  ours(args: Args, workFolder: string): Promise<Side>
  /** The other side where it is not Python. */
  theirs?(args: Args, workFolder: string): Promise<Side>
}
