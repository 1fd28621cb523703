import { DeltaError } from '../errors/delta-error.js'
import { commitKey, LOG_PREFIX } from '../protocol/log-path.js'
import type { TableLocation } from '../storage/table-location.js'
import type { VersionRange } from './available-versions.js'

/** There is no log where a table was looked for. */
export function tableNotFound(location: TableLocation): DeltaError {
  return new DeltaError(
    'TableNotFound',
    `There is no Delta table at ${location.url}: ${location.url}/${LOG_PREFIX} holds no commit. Check the path, or create the table.`,
    { details: { table: location.url } },
  )
}

/** A version was asked for that is gone or not there yet. */
export function versionNotFound(location: TableLocation, version: number, range: VersionRange): DeltaError {
  const { earliest, latest } = range
  const reason = version > latest ? 'does not exist yet' : 'is gone: its commits were cleaned up'
  return new DeltaError(
    'VersionNotFound',
    `Version ${version} of ${location.url} ${reason}. Versions ${earliest} to ${latest} can be opened.`,
    { details: { table: location.url, version, earliest, latest } },
  )
}

/** A commit is missing between others. */
export function missingCommit(location: TableLocation, version: number, needed: number): DeltaError {
  const path = commitKey(version)
  return new DeltaError(
    'CorruptLog',
    `The log of ${location.url} has a gap: version ${version} (${path}) is missing, and version ${needed} cannot be read without it. ` +
      'Bring the file back, or restore the table from a copy.',
    { details: { table: location.url, version, path } },
  )
}

/** The log cannot be what a writer that follows the protocol left behind. */
export function corruptLog(location: TableLocation, version: number, reason: string, cause?: unknown): DeltaError {
  return new DeltaError(
    'CorruptLog',
    `The log of ${location.url} is damaged at version ${version}: ${reason}. Restore the table's folder from a copy, or open an older version.`,
    { cause, details: { table: location.url, version } },
  )
}
