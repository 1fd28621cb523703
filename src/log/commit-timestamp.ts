import type { Action } from '../protocol/actions/action.js'

/** The in-commit timestamp of a commit, in ms since the epoch: it stands in the first action (PROTOCOL.md, "In-Commit Timestamps"). */
function inCommitTimestamp([first]: readonly Action[]): number | undefined {
  return first?.type === 'commitInfo' && typeof first.inCommitTimestamp === 'number'
    ? first.inCommitTimestamp
    : undefined
}

/**
 * When a version was committed, in ms since the epoch: its in-commit timestamp, else the time of its file, raised where needed so that it is later
 * than the version before (`previous`), as the protocol's readers do.
 */
export function commitTimestamp(
  actions: readonly Action[],
  lastModified: number,
  previous: number | undefined,
): number {
  const exact = inCommitTimestamp(actions)
  if (exact !== undefined) return exact
  return previous === undefined || lastModified > previous ? lastModified : previous + 1
}
