import type { DeletionVectorDescriptor } from '../protocol/actions/action.js'
import { deletionVectorFile, inlineDeletionVector } from '../protocol/deletion-vector/deletion-vector-file.js'
import { deletionVectorPath } from '../protocol/deletion-vector/deletion-vector-path.js'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import type { TableLocation } from '../storage/table-location.js'

/** A vector of at most so many bytes stands in the log itself: some thirty rows. Every snapshot holds it. */
const MAX_INLINE_BYTES = 96

/** The least bytes that a vector with rows has. */
const LEAST_BYTES = 32

/** Deletion vectors that no version has yet. */
export interface WrittenVectors {
  /** In the order of the sets. */
  readonly descriptors: readonly DeletionVectorDescriptor[]
  /** The file that was put, as in the log; undefined where all vectors are inline. */
  readonly path: string | undefined
}

/**
 * Writes row sets as deletion vectors, all in one file, but for small ones, which need none (PROTOCOL.md, "Deletion Vectors").
 *
 * @throws StorageUnavailable, StorageFull, PermissionDenied, Aborted
 */
export async function writeDeletionVectors(
  location: TableLocation,
  sets: readonly RowSet[],
  signal?: AbortSignal,
): Promise<WrittenVectors> {
  const inline = sets.map((rows) => (mayBeInline(rows) ? inlineDeletionVector(rows) : undefined))
  const isInline = (i: number): boolean => (inline[i]?.sizeInBytes ?? Number.POSITIVE_INFINITY) <= MAX_INLINE_BYTES
  const { bytes, descriptors } = deletionVectorFile(
    sets.filter((_, i) => !isInline(i)),
    location.runtime.uuid(),
  )
  const [first] = descriptors
  const path = first === undefined ? undefined : deletionVectorPath(first)
  if (path !== undefined) {
    const { store, key } = location.resolve(path)
    // Nobody else has the name, so the put may be repeated where a reply is lost.
    await store.put(key, bytes, { mode: 'overwrite', untilCreate: true, ...(signal && { signal }) })
  }
  let next = 0
  return {
    descriptors: sets.map((_, i) => (isInline(i) ? inline[i] : descriptors[next++]) as DeletionVectorDescriptor),
    path,
  }
}

/** Encoding is worth a try. */
function mayBeInline({ keys }: RowSet): boolean {
  return keys.length * 8 + LEAST_BYTES - 8 <= MAX_INLINE_BYTES
}
