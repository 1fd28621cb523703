import type { DeletionVectorDescriptor } from '../protocol/actions/action.js'
import { RowSet } from '../protocol/deletion-vector/row-set.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import type { TableLocation } from '../storage/table-location.js'
import { readDeletionVector } from './read-deletion-vector.js'
import { writeDeletionVectors } from './write-deletion-vectors.js'

/** Two deletion vectors of a data file that came of the same one. */
interface ChangedTwice {
  readonly before: DeletionVectorDescriptor | undefined
  readonly mine: DeletionVectorDescriptor
  readonly theirs: DeletionVectorDescriptor
}

const CONCURRENCY = 16

/**
 * Writes the vectors that hide what both of two changes hide, in the order of the files. Undefined where a row was hidden by both of them, or where one of them shows
 * rows again that were hidden before: then they exclude each other.
 *
 * @throws DataFileMissing, CorruptData, StorageUnavailable, StorageFull, Aborted
 */
export async function uniteDeletionVectors(
  location: TableLocation,
  files: readonly ChangedTwice[],
  signal?: AbortSignal,
): Promise<readonly DeletionVectorDescriptor[] | undefined> {
  const read = (descriptor: DeletionVectorDescriptor | undefined): Promise<RowSet> =>
    descriptor === undefined ? Promise.resolve(RowSet.EMPTY) : readDeletionVector(location, descriptor, signal)
  const unite = async ({ before, mine, theirs }: ChangedTwice): Promise<RowSet | undefined> => {
    const [start, ours, others] = await Promise.all([read(before), read(mine), read(theirs)])
    const onlyGrew = start.without(ours).cardinality === 0 && start.without(others).cardinality === 0
    return onlyGrew && !ours.without(start).intersects(others.without(start)) ? ours.union(others) : undefined
  }
  const united: RowSet[] = []
  for await (const rows of mapConcurrent(files, CONCURRENCY, unite)) {
    if (rows === undefined) return undefined
    united.push(rows)
  }
  return (await writeDeletionVectors(location, united, signal)).descriptors
}
