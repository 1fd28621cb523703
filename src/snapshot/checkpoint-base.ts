import { isDeltaError } from '../errors/delta-error.js'
import type { Checkpoint } from '../log/checkpoint/checkpoint.js'
import { listLogSegment } from '../log/list-log-segment.js'
import { corruptLog } from '../log/log-error.js'
import type { CheckpointFiles } from '../log/log-segment.js'
import { readCommits } from '../log/read-commits.js'
import { foldFiles } from '../log/replay/file-changes.js'
import { advanceState } from '../log/replay/table-state.js'
import type { TableLocation } from '../storage/table-location.js'
import { LiveFiles } from './live-files.js'
import { emptyBase, type SnapshotBase } from './snapshot-base.js'

/**
 * A checkpoint, opened when first asked for. One that does not decode is passed over for what it was made of: an older checkpoint and the
 * commits after that, or all commits. Where those are gone, CorruptLog naming the file.
 */
export function checkpointBase(
  location: TableLocation,
  files: CheckpointFiles | undefined,
  damaged: ReadonlySet<string> = new Set(),
): SnapshotBase {
  if (files === undefined) return emptyBase
  const open = once((signal) => openCheckpoint(location, files, signal))
  const fallback = once((signal) => rebuilt(location, files, damaged, signal))
  const orElse = async <T>(
    read: () => Promise<T>,
    instead: (base: SnapshotBase) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      if (!isDamage(error)) throw error
      const base = await fallback(signal).catch((cause: unknown) => {
        throw isDamage(cause) || isDeltaError(cause, 'VersionNotFound') ? unreadable(location, files, error) : cause
      })
      return instead(base)
    }
  }
  const readState = once((signal) =>
    orElse(
      async () => (await open(signal)).state(signal),
      (base) => base.state(signal),
      signal,
    ),
  )
  const readFiles = once((signal) =>
    orElse(
      async () => checkpointFiles(await open(signal), signal),
      (base) => base.files(signal),
      signal,
    ),
  )
  return { state: readState, files: readFiles }
}

/** Arrow and the Parquet reader load here: a table without a checkpoint, or with one that nobody asks for, needs neither. */
async function openCheckpoint(
  location: TableLocation,
  files: CheckpointFiles,
  signal: AbortSignal | undefined,
): Promise<Checkpoint> {
  const { readCheckpoint } = await import('../log/checkpoint/read-checkpoint.js')
  return readCheckpoint(location, files, signal)
}

async function checkpointFiles(checkpoint: Checkpoint, signal: AbortSignal | undefined): Promise<LiveFiles> {
  const { checkpointColumns } = await import('./checkpoint-columns.js')
  return LiveFiles.of(await checkpointColumns(checkpoint, signal))
}

async function rebuilt(
  location: TableLocation,
  { version, files }: CheckpointFiles,
  damaged: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<SnapshotBase> {
  const passedOver = new Set([...damaged, ...files.map(({ key }) => key)])
  const segment = await listLogSegment(location, { version, damaged: passedOver, signal })
  const tail = await readCommits(location, segment.commits, signal, { forReplay: true })
  const base = checkpointBase(location, segment.checkpoint, passedOver)
  return {
    state: async (again) => advanceState(await base.state(again), tail),
    files: async (again) => (await base.files(again)).apply(foldFiles(tail)),
  }
}

/** Missing objects too: a checkpoint's sidecar or part that is gone makes the checkpoint useless. */
function isDamage(error: unknown): boolean {
  return (
    isDeltaError(error, 'CorruptData') || isDeltaError(error, 'CorruptLog') || isDeltaError(error, 'ObjectNotFound')
  )
}

function unreadable(location: TableLocation, { version, files }: CheckpointFiles, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const names = files.map(({ key }) => key).join(', ')
  return corruptLog(
    location,
    version,
    `its checkpoint ${names} cannot be read (${reason}), and the commits it was made of are gone`,
    cause,
  )
}

/** Remembers an answer; a failure is forgotten, so that it is tried again. */
function once<T>(read: (signal?: AbortSignal) => Promise<T>): (signal?: AbortSignal) => Promise<T> {
  let answer: Promise<T> | undefined
  return (signal) => {
    answer ??= read(signal).catch((error: unknown) => {
      answer = undefined
      throw error
    })
    return answer
  }
}
