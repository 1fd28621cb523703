import { isDeltaError } from '../errors/delta-error.js'
import { LAST_CHECKPOINT_KEY } from '../protocol/log-path.js'
import type { TableLocation } from '../storage/table-location.js'

/** The content of `_last_checkpoint` (PROTOCOL.md, "Last Checkpoint File Schema"). */
interface LastCheckpoint {
  readonly version: number
  /** How many actions the checkpoint has. */
  readonly size: number
  /** How many files it has, where it is a multi-part checkpoint. */
  readonly parts?: number
  readonly sizeInBytes?: number
  readonly numOfAddFiles?: number
}

/**
 * The version that `_last_checkpoint` points at: a hint where to begin to list. The file may be missing, stale, damaged or point at
 * a checkpoint that is gone, so nothing in it is believed further than that, and nothing wrong with it is an error.
 */
export async function readLastCheckpointVersion(
  location: TableLocation,
  signal?: AbortSignal,
): Promise<number | undefined> {
  let bytes: Uint8Array
  try {
    bytes = await location.store.get(LAST_CHECKPOINT_KEY, signal ? { signal } : {})
  } catch (error) {
    if (isDeltaError(error, 'ObjectNotFound')) return undefined
    throw error
  }
  try {
    const hint = JSON.parse(new TextDecoder().decode(bytes)) as { version?: unknown } | null
    const version = hint?.version
    return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : undefined
  } catch {
    return undefined
  }
}

/** Points `_last_checkpoint` at a checkpoint. The last writer wins: a hint that is behind only costs readers a longer listing. */
export async function writeLastCheckpoint(
  location: TableLocation,
  hint: LastCheckpoint,
  signal?: AbortSignal,
): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(hint))
  await location.store.put(LAST_CHECKPOINT_KEY, body, { mode: 'overwrite', ...(signal && { signal }) })
}
