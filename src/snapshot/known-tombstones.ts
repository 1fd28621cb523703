import type { RemoveFile } from '../protocol/actions/action.js'
import type { FileChanges } from './replay/file-changes.js'

/** The removes of files that are not live at a version, the newest first: what a checkpoint of it carries on, with those whose retention may be over. */
export type Tombstones = readonly RemoveFile[]

/** More are read from the log when they are asked for: each commit looks at all that are held. */
const MOST_HELD = 256

/** Tombstones that are few enough to be held. */
export function heldTombstones(tombstones: Tombstones): Tombstones | undefined {
  return tombstones.length <= MOST_HELD ? tombstones : undefined
}

/** The tombstones after some commits; undefined where those before or theirs are not known, or there are too many to hold. */
export function advanceTombstones(
  before: Tombstones | undefined,
  { tombstones, changes: { touched } }: { readonly tombstones: Tombstones | undefined; readonly changes: FileChanges },
): Tombstones | undefined {
  if (before === undefined || tombstones === undefined) return undefined
  const earlier = before.filter(({ path, deletionVector }) => !touched.has(path, deletionVector))
  return heldTombstones([...tombstones, ...earlier])
}
