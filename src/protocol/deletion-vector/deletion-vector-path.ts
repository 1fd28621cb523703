import type { DeletionVectorDescriptor } from '../actions/action.js'
import { encodeFilePath } from '../file-path.js'
import { decodeZ85 } from './z85.js'

const UUID_CHARACTERS = 20
const UUID_BYTES = 16

/** Tells the deletion vectors of one data file apart (PROTOCOL.md, "Derived Fields", `uniqueId`). */
export function deletionVectorId(descriptor: DeletionVectorDescriptor): string {
  const id = descriptor.storageType + descriptor.pathOrInlineDv
  return descriptor.offset === undefined ? id : `${id}@${descriptor.offset}`
}

/**
 * Where a stored deletion vector lies, as paths stand in the log: percent-encoded and relative to the table root (`u`), or absolute (`p`).
 * Undefined for inline ones. CorruptData where the UUID is damaged. (PROTOCOL.md, "Derived Fields".)
 */
export function deletionVectorPath(descriptor: DeletionVectorDescriptor): string | undefined {
  const text = descriptor.pathOrInlineDv
  switch (descriptor.storageType) {
    case 'i':
      return undefined
    case 'p':
      return text
    case 'u': {
      const prefix = text.slice(0, -UUID_CHARACTERS)
      const name = `deletion_vector_${uuidText(decodeZ85(text.slice(-UUID_CHARACTERS), UUID_BYTES))}.bin`
      return encodeFilePath(prefix === '' ? name : `${prefix}/${name}`)
    }
  }
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
