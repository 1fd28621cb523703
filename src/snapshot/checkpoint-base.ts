import { isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { Checkpoint } from '../log/checkpoint/checkpoint.js'
import { listLogSegment } from '../log/list-log-segment.js'
import { corruptLog } from '../log/log-error.js'
import type { CheckpointFiles } from '../log/log-segment.js'
import { overlayState, type TableState } from '../log/replay/table-state.js'
import { SharedLoad } from '../runtime/shared-load.js'
import type { TableLocation } from '../storage/table-location.js'
import type { LiveFiles } from './files/live-files.js'
import { readTail } from './replay/read-tail.js'
import { emptyBase, type SnapshotBase } from './snapshot-base.js'

/** What a segment begins with. */
export function checkpointBase(
  location: TableLocation,
  files: CheckpointFiles | undefined,
  damaged: ReadonlySet<string> = new Set(),
): SnapshotBase {
  return files === undefined ? emptyBase : new CheckpointBase(location, files, damaged)
}

/**
 * A checkpoint, opened when first asked for. One that does not decode is passed over for what it was made of: an older checkpoint and the
 * commits after that, or all commits. Where those are gone, CorruptLog naming the file.
 */
class CheckpointBase implements SnapshotBase {
  readonly #location: TableLocation
  readonly #files: CheckpointFiles
  readonly #damaged: ReadonlySet<string>
  readonly #checkpoint = new SharedLoad((signal) => this.#open(signal))
  readonly #substitute = new SharedLoad((signal) => this.#rebuild(signal))
  readonly #state = new SharedLoad((signal) => this.#readState(signal))
  #loading: SharedLoad<LiveFiles> | undefined
  /** Weak: a snapshot that needs them holds them, and later versions may have little left of them. */
  #live: WeakRef<LiveFiles> | undefined

  constructor(location: TableLocation, files: CheckpointFiles, damaged: ReadonlySet<string>) {
    this.#location = location
    this.#files = files
    this.#damaged = new Set([...damaged, ...files.files.map(({ key }) => key)])
  }

  state(signal?: AbortSignal): Promise<TableState> {
    return this.#state.get(signal)
  }

  async files(signal?: AbortSignal): Promise<LiveFiles> {
    const live = this.#live?.deref()
    if (live !== undefined) return live
    this.#loading ??= new SharedLoad((first) => this.#readFiles(first))
    const files = await this.#loading.get(signal)
    this.#live = new WeakRef(files)
    this.#loading = undefined
    return files
  }

  async #readState(signal: AbortSignal | undefined): Promise<TableState> {
    try {
      return (await this.#checkpoint.get(signal)).state
    } catch (error) {
      return (await this.#insteadOf(error, signal)).state(signal)
    }
  }

  async #readFiles(signal: AbortSignal | undefined): Promise<LiveFiles> {
    try {
      const checkpoint = await this.#checkpoint.get(signal)
      const { checkpointBlocks } = await import('./files/checkpoint-blocks.js')
      return await checkpointBlocks(checkpoint, signal)
    } catch (error) {
      return (await this.#insteadOf(error, signal)).files(signal)
    }
  }

  /** Arrow and the Parquet reader load here: a table without a checkpoint needs neither. */
  async #open(signal: AbortSignal | undefined): Promise<Checkpoint> {
    const { readCheckpoint } = await import('../log/checkpoint/read-checkpoint.js')
    return readCheckpoint(this.#location, this.#files, signal)
  }

  async #insteadOf(error: unknown, signal: AbortSignal | undefined): Promise<SnapshotBase> {
    if (!isDamage(error)) throw error
    try {
      return await this.#substitute.get(signal)
    } catch (cause) {
      throw isDamage(cause) || isDeltaError(cause, 'VersionNotFound') ? this.#unreadable(error) : cause
    }
  }

  async #rebuild(signal: AbortSignal | undefined): Promise<SnapshotBase> {
    const { version } = this.#files
    const segment = await listLogSegment(this.#location, { version, damaged: this.#damaged, signal })
    const { state, changes } = await readTail(this.#location, segment.commits, signal)
    const base = checkpointBase(this.#location, segment.checkpoint, this.#damaged)
    return {
      state: async (again) => overlayState(await base.state(again), state),
      files: async (again) => (await base.files(again)).apply(changes.touched, changes.added),
    }
  }

  #unreadable(cause: unknown): Error {
    const { version, files } = this.#files
    const names = files.map(({ key }) => key).join(', ')
    const reason = `its checkpoint ${names} cannot be read (${errorText(cause)}), and the commits it was made of are gone`
    return corruptLog(this.#location, version, reason, cause)
  }
}

/** Missing objects too: a checkpoint without one of its sidecars or parts is useless. */
function isDamage(error: unknown): boolean {
  return (
    isDeltaError(error, 'CorruptData') || isDeltaError(error, 'CorruptLog') || isDeltaError(error, 'ObjectNotFound')
  )
}
