import type { DeletionVectorDescriptor } from '../actions/action.js'
import { crc32 } from './crc32.js'
import { encodeDeletionVector } from './encode-deletion-vector.js'
import { encodeDeletionVectorPath } from './encode-deletion-vector-path.js'
import type { RowSet } from './row-set.js'
import { encodeZ85 } from './z85.js'

/** Version of the file format (PROTOCOL.md, "Deletion Vector File Storage Format"). */
const FILE_VERSION = 1

/** A descriptor that holds its rows itself. For few rows: the text is 1.25 times the bytes and is read with every snapshot. */
export function inlineDeletionVector(rows: RowSet): DeletionVectorDescriptor {
  const bytes = encodeDeletionVector(rows)
  return {
    storageType: 'i',
    pathOrInlineDv: encodeZ85(bytes),
    sizeInBytes: bytes.byteLength,
    cardinality: rows.cardinality,
  }
}

/**
 * One file for many vectors (PROTOCOL.md, "Deletion Vector File Storage Format") and the descriptor of each, in the order given. The file
 * belongs at the path that `deletionVectorPath` derives from any of the descriptors.
 */
export function deletionVectorFile(
  vectors: readonly RowSet[],
  uuid: string,
): { readonly bytes: Uint8Array; readonly descriptors: readonly DeletionVectorDescriptor[] } {
  const encoded = vectors.map(encodeDeletionVector)
  const bytes = new Uint8Array(encoded.reduce((size, data) => size + 4 + data.byteLength + 4, 1))
  const view = new DataView(bytes.buffer)
  bytes[0] = FILE_VERSION
  let offset = 1
  const descriptors = encoded.map((data, i): DeletionVectorDescriptor => {
    const start = offset
    view.setUint32(start, data.byteLength)
    bytes.set(data, start + 4)
    view.setUint32(start + 4 + data.byteLength, crc32(data))
    offset = start + 4 + data.byteLength + 4
    return {
      storageType: 'u',
      pathOrInlineDv: encodeDeletionVectorPath(uuid),
      offset: start,
      sizeInBytes: data.byteLength,
      cardinality: (vectors[i] as RowSet).cardinality,
    }
  })
  return { bytes, descriptors }
}
