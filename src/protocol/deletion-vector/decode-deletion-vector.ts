import { DeltaError } from '../../errors/delta-error.js'
import type { DeletionVectorDescriptor } from '../actions/action.js'
import { ByteReader } from './byte-reader.js'
import { crc32 } from './crc32.js'
import { deletionVectorPath } from './deletion-vector-path.js'
import { decodeRowSet } from './roaring-decode.js'
import type { RowSet } from './row-set.js'
import { decodeZ85 } from './z85.js'

const SIZE_BYTES = 4
const CHECKSUM_BYTES = 4

/**
 * The bytes to fetch from the file of a stored deletion vector: its size, its data and its checksum (PROTOCOL.md, "Deletion Vector File Storage
 * Format"). `end` is exclusive. CorruptData where the descriptor's numbers cannot be.
 */
export function deletionVectorRange(descriptor: DeletionVectorDescriptor): {
  readonly start: number
  readonly end: number
} {
  const start = descriptor.offset ?? 0
  const { sizeInBytes } = descriptor
  if (!Number.isSafeInteger(start) || start < 0 || !Number.isSafeInteger(sizeInBytes) || sizeInBytes < 0) {
    fail(nameOf(descriptor), `its descriptor says offset ${start} and size ${sizeInBytes}`)
  }
  return { start, end: start + SIZE_BYTES + sizeInBytes + CHECKSUM_BYTES }
}

/**
 * The rows that a deletion vector removes from its data file. Size, CRC-32, format and cardinality are checked: CorruptData, with the path,
 * where one is wrong.
 * @param stored the bytes of {@link deletionVectorRange}; not needed for inline vectors.
 */
export function decodeDeletionVector(descriptor: DeletionVectorDescriptor, stored?: Uint8Array): RowSet {
  const name = nameOf(descriptor)
  const data =
    descriptor.storageType === 'i'
      ? decodeZ85(descriptor.pathOrInlineDv, descriptor.sizeInBytes)
      : storedData(descriptor, stored, name)
  const reader = new ByteReader(data, name)
  const rows = decodeRowSet(reader)
  if (reader.remaining > 0) reader.fail(`${reader.remaining} bytes follow its end`)
  if (rows.cardinality !== descriptor.cardinality) {
    reader.fail(`it holds ${rows.cardinality} rows where the log says ${descriptor.cardinality}`)
  }
  return rows
}

function storedData(descriptor: DeletionVectorDescriptor, stored: Uint8Array | undefined, name: string): Uint8Array {
  const { start, end } = deletionVectorRange(descriptor)
  if (stored === undefined || stored.byteLength < end - start) fail(name, 'it ends too early')
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength)
  const size = view.getUint32(0)
  if (size !== descriptor.sizeInBytes) fail(name, `it has ${size} bytes where the log says ${descriptor.sizeInBytes}`)
  const data = stored.subarray(SIZE_BYTES, SIZE_BYTES + size)
  if (crc32(data) !== view.getUint32(SIZE_BYTES + size)) fail(name, 'its checksum is wrong')
  return data
}

function nameOf(descriptor: DeletionVectorDescriptor): string {
  const path = deletionVectorPath(descriptor)
  return path === undefined
    ? 'The inline deletion vector'
    : `The deletion vector in ${path} at ${descriptor.offset ?? 0}`
}

function fail(name: string, reason: string): never {
  throw new DeltaError('CorruptData', `${name} is damaged: ${reason}.`, { details: { path: name } })
}
