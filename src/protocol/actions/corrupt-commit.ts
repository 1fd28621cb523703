import { DeltaError } from '../../errors/delta-error.js'

/** CorruptLog for a commit, or another file of actions, that does not parse. */
export function corruptCommit(path: string, reason: string, cause: unknown): DeltaError {
  return new DeltaError(
    'CorruptLog',
    `${path} is damaged: ${reason}. Restore the file from a backup, or restore the table to a version before it.`,
    { cause, details: { path } },
  )
}
