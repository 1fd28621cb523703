import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import type { DeletionVectorDescriptor } from '../protocol/actions/action.js'
import { decodeDeletionVector, deletionVectorRange } from '../protocol/deletion-vector/decode-deletion-vector.js'
import { deletionVectorPath } from '../protocol/deletion-vector/deletion-vector-path.js'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import type { TableLocation } from '../storage/table-location.js'

/**
 * The rows that a deletion vector hides, by position in the data file. One GET where it is stored in a file, none where it is inline.
 *
 * @throws DataFileMissing where its file is gone; CorruptData where size, checksum, format or cardinality are wrong
 */
export async function readDeletionVector(
  location: TableLocation,
  descriptor: DeletionVectorDescriptor,
  signal?: AbortSignal,
): Promise<RowSet> {
  const path = deletionVectorPath(descriptor)
  if (path === undefined) return decodeDeletionVector(descriptor)
  const { store, key } = location.resolve(path)
  try {
    const bytes = await store.get(key, { range: deletionVectorRange(descriptor), ...(signal && { signal }) })
    return decodeDeletionVector(descriptor, bytes)
  } catch (error) {
    if (!isDeltaError(error, 'ObjectNotFound')) throw error
    throw new DeltaError(
      'DataFileMissing',
      `The deletion vector file ${key} of table ${location.url} does not exist. Restore the file, or restore the table to a version that does not need it.`,
      { cause: error, details: { table: location.url, path: key } },
    )
  }
}
