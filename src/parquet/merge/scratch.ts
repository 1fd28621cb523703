import { uninitializedBytes } from '../../runtime/uninitialized-bytes.js'

/** Memory for the work on one column after the other, which would else keep the garbage collector busy. */
export class Scratch {
  #bytes = new Uint8Array(0)
  #numbers = new Int32Array(0)
  #taken = 0

  /** Bytes that are the caller's until the next call. */
  bytes = (size: number): Uint8Array => {
    if (this.#bytes.byteLength < size) this.#bytes = uninitializedBytes(size)
    return this.#bytes.subarray(0, size)
  }

  /** Numbers that are the caller's until {@link reset}. */
  numbers(count: number): Int32Array {
    if (this.#taken + count > this.#numbers.length) {
      this.#numbers = new Int32Array(Math.max(count, this.#numbers.length * 2))
      this.#taken = 0
    }
    const start = this.#taken
    this.#taken += count
    return this.#numbers.subarray(start, this.#taken)
  }

  reset(): void {
    this.#taken = 0
  }
}
