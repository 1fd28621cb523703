const FILE = [0x66, 0x69, 0x6c, 0x65, 0x3a]

/**
 * A hash of bytes `start` to `end`, 4 at a time. It only has to keep unequal paths apart most of the time: whoever finds two hashes equal
 * compares the paths.
 */
export function hashBytes(view: DataView, start: number, end: number): number {
  let hash = (end - start) | 0
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  return hash ^ (hash >>> 16)
}

/** Whether a path begins with `file:`, so that other spellings name the same file. */
export function isFileUrl(bytes: Uint8Array, start: number): boolean {
  return FILE.every((byte, i) => bytes[start + i] === byte)
}
