import { isDeltaError } from '../errors/delta-error.js'

/**
 * After a put failed: whether the object may stand there all the same. False where the store said no, or was never reached
 * (`details.maybeStored: false`); true where a reply was lost or the signal fired. Then only reading the key back tells.
 */
export function mayHaveStored(error: unknown): boolean {
  if (isDeltaError(error, 'Aborted')) return true
  return isDeltaError(error, 'StorageUnavailable') && error.details.maybeStored !== false
}
