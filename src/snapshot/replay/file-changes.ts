import type { FileKeys } from '../files/file-keys.js'
import type { LiveFiles } from '../files/live-files.js'

/** The net effect of a run of commits on the files before it. */
export interface FileChanges {
  /** What it added or removed: what older states say of these files no longer counts. */
  readonly touched: FileKeys
  /** Files that are live at its end, in log order. */
  readonly added: LiveFiles
}

/**
 * Changes that are not worked into a file list yet, oldest first, with newer ones after them. Runs of like length are united, so that n commits make
 * no more than log2 n runs, and what they hold is bounded by the files that they touched.
 */
export function appendChanges(pending: readonly FileChanges[], newer: FileChanges): readonly FileChanges[] {
  if (newer.touched.size === 0) return pending
  const runs = [...pending]
  let last = newer
  for (
    let before = runs.at(-1);
    before !== undefined && before.touched.size <= 2 * last.touched.size;
    before = runs.at(-1)
  ) {
    last = uniteChanges(before, last)
    runs.pop()
  }
  return [...runs, last]
}

function uniteChanges(older: FileChanges, newer: FileChanges): FileChanges {
  return { touched: older.touched.union(newer.touched), added: older.added.apply(newer.touched, newer.added) }
}

/** The files after all changes. */
export function applyChanges(files: LiveFiles, changes: readonly FileChanges[]): LiveFiles {
  return changes.reduce((before, { touched, added }) => before.apply(touched, added), files)
}
