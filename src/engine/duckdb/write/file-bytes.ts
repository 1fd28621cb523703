import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { ByteSource } from '../../../parquet/byte-source.js'
import type { ChunkSpan } from '../../../parquet/fetch-chunks.js'

const BUFFER_BYTES = 4 * 2 ** 20

/** A file that is open. */
export function openSource(
  handle: FileHandle,
  { localPath, size }: { readonly localPath: string; readonly size: number },
): ByteSource {
  return {
    name: localPath,
    size,
    read: async (start, end) => (await handle.read(new Uint8Array(end - start), 0, end - start, start)).buffer,
  }
}

/** Copies bytes of a file to a place in another, or to one before them in the same. */
export async function copyBytes(from: string, { start, end }: ChunkSpan, to: FileHandle, at: number): Promise<void> {
  let position = at
  for await (const chunk of createReadStream(from, { start, end: end - 1, highWaterMark: BUFFER_BYTES })) {
    const bytes = chunk as Uint8Array
    await to.write(bytes, 0, bytes.byteLength, position)
    position += bytes.byteLength
  }
}
