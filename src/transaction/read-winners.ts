import { isDeltaError } from '../errors/delta-error.js'
import { readCommit } from '../log/read-commit.js'
import type { TableLocation } from '../storage/table-location.js'
import { type WinningCommit, winningCommit } from './winning-commit.js'

const MOST_AT_ONCE = 16
/** A local disk answers at once: to ask for what is not there yet would cost more than to wait for what is. */
const AT_ONCE_FROM_DISK = 1

/**
 * The commits from `version` on, up to the newest. The first is asked for alone, for mostly it is the only one; then twice as many at a time, so
 * that catching up costs few round trips without a listing. From a local disk they are read one by one.
 */
export async function* readWinners(
  location: TableLocation,
  version: number,
): AsyncGenerator<WinningCommit, void, undefined> {
  let next = version
  const most = location.store.localPath === undefined ? MOST_AT_ONCE : AT_ONCE_FROM_DISK
  for (let count = 1; ; count = Math.min(count * 2, most)) {
    const versions = Array.from({ length: count }, (_, i) => next + i)
    const commits = await Promise.all(versions.map((each) => readIfThere(location, each)))
    for (const commit of commits) {
      if (commit === undefined) return
      yield commit
    }
    next += count
  }
}

/** One commit, undefined where it does not exist. */
export async function readIfThere(location: TableLocation, version: number): Promise<WinningCommit | undefined> {
  try {
    return winningCommit(version, await readCommit(location, version))
  } catch (error) {
    if (isDeltaError(error, 'VersionNotFound')) return undefined
    throw error
  }
}
