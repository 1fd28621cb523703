import type { Action, AddFile, RemoveFile, Sidecar } from '../../protocol/actions/action.js'
import { parseCommit } from '../../protocol/actions/parse-commit.js'
import { LOG_PREFIX } from '../../protocol/log-path.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { CheckpointFiles } from '../log-segment.js'
import { StateCollector } from '../replay/table-state.js'
import type { Checkpoint } from './checkpoint.js'
import { stateActions } from './checkpoint-actions.js'
import { CheckpointPart } from './checkpoint-part.js'

/** Checkpoints up to this size are fetched in one request a file. */
const WHOLE_BYTES = 1 << 20

/**
 * Opens a checkpoint of any form (PROTOCOL.md, "Checkpoints"): classic, multi-part, V2 with a Parquet or JSON top level. Reads all but
 * the file actions.
 *
 * @throws CorruptData or CorruptLog where a file is damaged, ObjectNotFound where one is gone
 */
export async function readCheckpoint(
  location: TableLocation,
  checkpoint: CheckpointFiles,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const isJson = checkpoint.format === 'json'
  const topLevel = isJson ? [] : partsOf(location, checkpoint.files)
  const actions = isJson
    ? await jsonActions(location, checkpoint, signal)
    : (await Promise.all(topLevel.map(async (part) => stateActions(await part.file(signal), signal)))).flat()
  const state = new StateCollector()
  for (const action of actions) state.visit(action)
  const sidecars = actions.filter((action): action is Sidecar => action.type === 'sidecar')
  return {
    state,
    parts:
      sidecars.length > 0
        ? partsOf(
            location,
            sidecars.map((sidecar) => sidecarFile(location, sidecar)),
          )
        : topLevel,
    adds: actions.filter((action): action is AddFile => action.type === 'add'),
    removes: actions.filter((action): action is RemoveFile => action.type === 'remove'),
  }
}

async function jsonActions(
  location: TableLocation,
  { files }: CheckpointFiles,
  signal: AbortSignal | undefined,
): Promise<Action[]> {
  const actions: Action[] = []
  for (const { key } of files) {
    for (const action of parseCommit(await location.store.get(key, signal ? { signal } : {}), key)) actions.push(action)
  }
  return actions
}

/** Files of one checkpoint. Small ones are fetched whole, as long as all of them together are small. */
function partsOf(
  location: TableLocation,
  files: readonly { readonly key: string; readonly size: number }[],
): CheckpointPart[] {
  const isWhole = files.reduce((sum, { size }) => sum + size, 0) <= WHOLE_BYTES
  return files.map(({ key, size }) => new CheckpointPart(location.store, { key, size, isWhole }))
}

/** Sidecars are always in `_delta_log/_sidecars`, wherever the table was when their path was written (PROTOCOL.md, "Sidecar File Information"). */
function sidecarFile(
  location: TableLocation,
  { path, sizeInBytes }: Sidecar,
): { readonly key: string; readonly size: number } {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return { key: location.resolve(`${LOG_PREFIX}_sidecars/${name}`).key, size: sizeInBytes }
}
