import { DeltaError } from '../../errors/delta-error.js'
import { errorText } from '../../errors/error-text.js'
import { abortedError } from '../../runtime/aborted.js'
import { BodyFailure } from '../object-body.js'
import { objectNotFound } from '../object-error.js'

/** The system error code (`ENOENT`) of what a file system call threw, if it is one. */
export function systemCode(error: unknown): string | undefined {
  // A DeltaError has a code too, of another kind.
  const code =
    error instanceof Error && !(error instanceof DeltaError) ? (error as NodeJS.ErrnoException).code : undefined
  return typeof code === 'string' ? code : undefined
}

/** What to throw for what was caught around file system calls on `key`: a DeltaError for a system error, else what it is. */
export function localError(url: string, key: string, error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof BodyFailure) return signal?.aborted ? abortedError(signal, 'The put') : error.cause
  const options = { cause: error, details: { path: key } }
  const where = `"${key}" in ${url}`
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      return objectNotFound(url, key, error)
    case 'ENOSPC':
    case 'EDQUOT':
      return new DeltaError('StorageFull', `No space is left to write ${where}. Free some and repeat.`, options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DeltaError('PermissionDenied', `This user may not access ${where}: ${errorText(error)}.`, options)
    case 'ENAMETOOLONG':
      return new DeltaError('InvalidArgument', `The file system refuses the name of ${where}: too long.`, options)
    case 'ABORT_ERR':
      return abortedError(signal)
    case undefined:
      return error
    default:
      return new DeltaError('StorageUnavailable', `The file system failed on ${where}: ${errorText(error)}.`, options)
  }
}

/** Like {@link localError}, for a put: what is missing or of the wrong kind there is not the object. */
export function localPutError(url: string, key: string, error: unknown, signal?: AbortSignal): unknown {
  const code = systemCode(error)
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST') {
    const message = `"${key}" cannot be written in ${url}: a file stands where a folder is needed, or a folder where a file is.`
    return new DeltaError('InvalidArgument', message, { cause: error, details: { path: key } })
  }
  if (code === 'ENOENT') {
    const message = `"${key}" cannot be written in ${url}: its folder cannot be made, or was removed meanwhile.`
    return new DeltaError('StorageUnavailable', message, { cause: error, details: { path: key, maybeStored: false } })
  }
  return localError(url, key, error, signal)
}
