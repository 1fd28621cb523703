import type NodeFs from 'node:fs'
import type { uninitializedBytes } from '../uninitialized-bytes.js'

/** Bytes that are put together of ranges of a file, and of others. */
export interface Assembly {
  readonly size: number
  /** Bytes `start` (inclusive) to `end` (exclusive) of the file, to stand at `at`. */
  readonly ranges: readonly { readonly start: number; readonly end: number; readonly at: number }[]
  readonly pieces: readonly { readonly bytes: Uint8Array; readonly at: number }[]
}

/** The same of a file on local disk. */
export interface AssembledFile extends Assembly {
  readonly path: string
}

/**
 * Makes a function that puts such bytes together in memory that it uses again, unless they are many: they are good until the next call. As source text it runs in worker threads: it may refer to nothing but its arguments and globals.
 *
 * The function throws the system's errors, and an `Error` where the file is too short.
 */
export function fileAssembler(
  fs: typeof NodeFs,
  allocate: typeof uninitializedBytes,
): (file: AssembledFile) => Uint8Array<ArrayBuffer> {
  /** Of one size, so that it is made once. */
  const keptBytes = 16 << 20
  let kept: Uint8Array<ArrayBuffer> | undefined
  return ({ path, size, ranges, pieces }) => {
    if (size <= keptBytes) kept ??= allocate(keptBytes)
    const memory = size <= keptBytes ? (kept as Uint8Array<ArrayBuffer>) : allocate(size)
    const handle = fs.openSync(path, 'r')
    try {
      for (let i = 0; i < ranges.length; ) {
        const { start, at } = ranges[i] as (typeof ranges)[number]
        let length = 0
        // Neighbours that stay neighbours are read at once.
        for (; i < ranges.length; i++) {
          const next = ranges[i] as (typeof ranges)[number]
          if (next.start !== start + length || next.at !== at + length) break
          length += next.end - next.start
        }
        for (let read = 0; read < length; ) {
          const more = fs.readSync(handle, memory, at + read, length - read, start + read)
          if (more === 0) throw new Error(`it ends before byte ${start + length}`)
          read += more
        }
      }
    } finally {
      fs.closeSync(handle)
    }
    for (const { bytes, at } of pieces) memory.set(bytes, at)
    return memory.subarray(0, size)
  }
}
