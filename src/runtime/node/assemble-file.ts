import type NodeFs from 'node:fs'

/** Bytes that are put together of ranges of a file on local disk, and of others. */
export interface AssembledFile {
  readonly path: string
  readonly size: number
  /** Bytes `start` (inclusive) to `end` (exclusive) of the file, to stand at `at`. */
  readonly ranges: readonly { readonly start: number; readonly end: number; readonly at: number }[]
  readonly pieces: readonly { readonly bytes: Uint8Array; readonly at: number }[]
}

/**
 * Makes a function that puts such bytes together in memory that it uses again: they are good until the next call. As source text it runs in worker threads: it may refer to nothing but its argument and globals.
 *
 * The function throws the system's errors, and an `Error` where the file is too short.
 */
export function fileAssembler(fs: typeof NodeFs): (file: AssembledFile) => Uint8Array<ArrayBuffer> {
  let memory = new Uint8Array(0)
  return ({ path, size, ranges, pieces }) => {
    if (memory.byteLength < size) memory = new Uint8Array(Buffer.allocUnsafeSlow(2 * size).buffer)
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
