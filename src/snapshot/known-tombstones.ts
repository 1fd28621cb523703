import type { Action, RemoveFile } from '../protocol/actions/action.js'
import { FileKeys } from './files/file-keys.js'

/** The removes of files that are not live at a version, the newest first: what a checkpoint of it carries on, with those whose retention may be over. */
export type Tombstones = readonly RemoveFile[]

/** More are read from the log when they are asked for: each commit looks at all that are held. */
const MOST_HELD = 256

/** Tombstones that are few enough to be held. */
export function heldTombstones(tombstones: Tombstones): Tombstones | undefined {
  return tombstones.length <= MOST_HELD ? tombstones : undefined
}

/** The tombstones after one commit; undefined where those before it are not known, or there are too many to hold. */
export function advanceTombstones(before: Tombstones | undefined, actions: readonly Action[]): Tombstones | undefined {
  if (before === undefined || (before.length === 0 && !actions.some(({ type }) => type === 'remove'))) return before
  const touched = new FileKeys()
  const removed: RemoveFile[] = []
  for (const action of actions.toReversed()) {
    if (action.type !== 'add' && action.type !== 'remove') continue
    const isNew = touched.add(action.path, action.deletionVector)
    if (isNew && action.type === 'remove') removed.push(action)
  }
  const earlier = before.filter(({ path, deletionVector }) => !touched.has(path, deletionVector))
  return heldTombstones([...removed, ...earlier])
}
