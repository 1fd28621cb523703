/**
 * Bytes to be written over, every one of them: under Node nothing clears them first, which costs as much as to fill them. As source text it runs in worker threads too: it may refer to nothing but its argument
 * and globals.
 */
export function uninitializedBytes(length: number): Uint8Array<ArrayBuffer> {
  const clearedFaster = 16 * 1024
  if (length < clearedFaster) return new Uint8Array(length)
  // The pool that small buffers of Node share is left out: these may be handed to another thread.
  return typeof Buffer === 'undefined' ? new Uint8Array(length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}
