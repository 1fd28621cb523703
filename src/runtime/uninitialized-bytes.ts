/** Bytes to be written over, every one of them: under Node nothing clears them first, which costs as much as to fill them. */
export function uninitializedBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length < SMALL) return new Uint8Array(length)
  // The pool that small buffers of Node share is left out: these may be handed to another thread.
  return typeof Buffer === 'undefined' ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}

/** Cleared faster than they are got from Node. */
const SMALL = 16 * 1024
