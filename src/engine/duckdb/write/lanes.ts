import { mkdir } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DEFAULT_FILE_SIZE, type WriteTarget } from '../../../data-files/write-target.js'
import { throwIfAborted } from '../../../runtime/aborted.js'
import type { Observer } from '../../../runtime/observer.js'
import type { EngineContext } from '../engine-context.js'
import { InstancePool } from '../instance-pool.js'
import { watchProgress } from '../watch-progress.js'
import { joinFiles } from './join-files.js'
import { laneObservers } from './lane-observers.js'
import { type CheckedFile, type WriteOptions, writeParquet } from './write-parquet.js'

/** Below this many bytes of input a lane costs more than it gains. */
const LEAST_BYTES = 16 * 2 ** 20
/** What a lane may hold at least. */
const LEAST_MEMORY = 448 * 2 ** 20

/** Rows that one SELECT delivers in order. With one thread a UNION ALL of DuckDB does not keep the order of its parts. */
export interface LanePart {
  /** Delivers the SELECT; what that needs is prepared on the connection. */
  readonly select: (connection: DuckDBConnection) => Promise<string> | string
  /** Its own; it is made. */
  readonly directory: string
}

/**
 * Instances of one thread each that share the memory of an engine. One instance with many threads brings rows that keep their order together
 * again before it encodes them; instances that have nothing to do with each other need a fifth less processor time and a quarter less time for the same files.
 */
export function lanePools(threads: number, memoryBytes: number, spillDirectory: string): readonly InstancePool[] {
  const count = Math.min(threads, Math.floor(memoryBytes / LEAST_MEMORY))
  if (count < 2) return []
  const settings = { threads: 1, memoryBytes: Math.floor(memoryBytes / count) }
  return Array.from({ length: count }, (_, i) => {
    return new InstancePool({ ...settings, spillDirectory: `${spillDirectory}-${i}` })
  })
}

/** In how many lanes to write rows that stand in this many bytes; 1: not in lanes. */
export function laneCount({ lanes }: EngineContext, bytes: number): number {
  return Math.max(1, Math.min(lanes.length, Math.floor(bytes / LEAST_BYTES)))
}

/**
 * Writes rows as {@link writeParquet} does, without partitions, some of them in each lane. The files are in the order of the lanes; small neighbours
 * become one. Where a lane fails the others are stopped.
 */
export async function writeInLanes(
  engine: EngineContext,
  folders: readonly string[],
  lanes: readonly (readonly LanePart[])[],
  target: WriteTarget,
  options: WriteOptions & { readonly operation: string; readonly observer?: Observer | undefined },
): Promise<CheckedFile[]> {
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const observers = laneObservers(options.observer, lanes.length)
  let failure: { readonly error: unknown } | undefined
  const written = await Promise.all(
    lanes.map(async (lane, i) => {
      try {
        return await writeLane(
          lanes.length === 1 ? engine.instances : (engine.lanes[i] as InstancePool),
          folders,
          lane,
          target,
          {
            ...options,
            signal,
            observer: observers[i],
          },
        )
      } catch (error) {
        failure ??= { error }
        stop.abort()
        return []
      }
    }),
  )
  throwIfAborted(options.signal, 'The write')
  if (failure !== undefined) throw failure.error
  return joinFiles(written.flat(), target.targetFileSize ?? DEFAULT_FILE_SIZE, (files, joined) => ({
    ...(files[0] as CheckedFile),
    ...joined,
    nullCounts: sumOfNulls(files),
  }))
}

async function writeLane(
  pool: InstancePool,
  folders: readonly string[],
  parts: readonly LanePart[],
  target: WriteTarget,
  options: WriteOptions & { readonly operation: string; readonly observer?: Observer | undefined },
): Promise<CheckedFile[]> {
  const lease = await pool.connect(folders)
  const stopProgress = await watchProgress(lease.connection, options.operation, options.observer)
  try {
    const written: CheckedFile[] = []
    for (const { select, directory } of parts) {
      await mkdir(directory)
      written.push(
        ...(await writeParquet(lease.connection, await select(lease.connection), target, directory, options)),
      )
    }
    return written
  } finally {
    stopProgress()
    lease.release()
  }
}

function sumOfNulls(files: readonly CheckedFile[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { nullCounts } of files) {
    for (const [column, count] of nullCounts) sums.set(column, (sums.get(column) ?? 0n) + count)
  }
  return sums
}
