import type { Action } from '../../protocol/actions/action.js'
import { parseCommit } from '../../protocol/actions/parse-commit.js'
import { LOG_PREFIX, parseLogKey } from '../../protocol/log-path.js'
import type { TableLocation } from '../../storage/table-location.js'
import { stateActions } from '../checkpoint/checkpoint-actions.js'
import { CheckpointPart } from '../checkpoint/checkpoint-part.js'
import { readLogListing } from '../log-listing.js'

const SIDECARS = `${LOG_PREFIX}_sidecars/`

/**
 * Keys of the sidecars that no checkpoint of the log names (PROTOCOL.md, "Metadata Cleanup", steps 4 and 5). Those that are not older than `before` may belong to
 * a checkpoint that is being written. Reads all checkpoints but their file actions.
 *
 * @param before ms since the epoch
 * @throws CorruptData, CorruptLog where a checkpoint cannot be read: nothing may be deleted then
 */
export async function findUnusedSidecars(
  location: TableLocation,
  before: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const old: string[] = []
  for await (const { key, lastModified } of location.store.list(SIDECARS, signal ? { signal } : {})) {
    if (lastModified < before && parseLogKey(key)?.kind === 'sidecar') old.push(key)
  }
  if (old.length === 0) return []
  const used = new Set<string>()
  // Listed after the sidecars: a checkpoint that was finished meanwhile is seen.
  for (const { format, files } of (await readLogListing(location, { signal })).checkpoints) {
    for (const file of files) {
      for (const action of await topLevel(location, format, file, signal)) {
        if (action.type === 'sidecar') used.add(action.path.slice(action.path.lastIndexOf('/') + 1))
      }
    }
  }
  return old.filter((key) => !used.has(key.slice(SIDECARS.length)))
}

async function topLevel(
  { store }: TableLocation,
  format: 'parquet' | 'json',
  { key, size }: { readonly key: string; readonly size: number },
  signal: AbortSignal | undefined,
): Promise<readonly Action[]> {
  if (format === 'json') return parseCommit(await store.get(key, signal ? { signal } : {}), key)
  return stateActions(await new CheckpointPart(store, { key, size, isWhole: false }).file(signal), signal)
}
