/** Random access to the bytes of one file. */
export interface ByteSource {
  /** Names the file in errors. */
  readonly name: string
  readonly size: number
  /** The file itself where it is on local disk, for whoever can read it there better than by `read`. */
  readonly localPath?: string
  /** Bytes `start` (inclusive) to `end` (exclusive). CorruptData where the file is shorter than `size`. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>
}
