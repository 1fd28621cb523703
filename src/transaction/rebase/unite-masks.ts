import type { Action } from '../../protocol/actions/action.js'
import type { PreparedCommit, VectorChange } from '../transaction.js'
import { type WinningCommit, winningCommit } from '../winning-commit.js'
import { maskedFiles, sameVector } from './masked-files.js'

/** A commit that hides its rows beside those that a winner hid, and what is left of the winner to check it against. */
export interface UnitedChange {
  readonly prepared: PreparedCommit
  readonly winner: WinningCommit
}

/**
 * Lets a change of rows follow a winner that hid other rows of the same files: its deletion vectors become those that hide both. Undefined where the two have no such
 * file in common, or hid the same rows of one, or where the operation does not say that other rows do not matter to it (`uniteVectors`).
 */
export async function uniteMasks(
  prepared: PreparedCommit,
  winner: WinningCommit,
  signal?: AbortSignal,
): Promise<UnitedChange | undefined> {
  if (prepared.uniteVectors === undefined) return undefined
  const mine = maskedFiles(prepared.actions)
  const changes: (VectorChange & { readonly path: string })[] = []
  for (const [path, theirs] of maskedFiles(winner.actions)) {
    const { remove, add } = mine.get(path) ?? {}
    // Both began with the same rows.
    if (remove === undefined || add === undefined || !sameVector(remove.deletionVector, theirs.remove.deletionVector))
      continue
    changes.push({ path, before: remove.deletionVector, mine: add.deletionVector, theirs: theirs.add.deletionVector })
  }
  if (changes.length === 0) return undefined
  const united = await prepared.uniteVectors(changes, signal)
  if (united === undefined) return undefined
  const vectors = new Map(changes.map(({ path, theirs }, i) => [path, { theirs, both: united[i] }]))
  const rebase = (action: Action): Action => {
    const vector = action.type === 'add' || action.type === 'remove' ? vectors.get(action.path) : undefined
    if (vector?.both === undefined) return action
    if (action.type === 'remove') return { ...action, deletionVector: vector.theirs }
    return action.type === 'add' ? { ...action, deletionVector: vector.both } : action
  }
  const others = winner.actions.filter(
    (action) => (action.type !== 'add' && action.type !== 'remove') || !vectors.has(action.path),
  )
  return {
    prepared: { ...prepared, actions: prepared.actions.map(rebase) },
    winner: winningCommit(winner.version, others),
  }
}
