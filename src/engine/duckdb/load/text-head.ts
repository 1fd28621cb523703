import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'

/** How a text file is compressed, as DuckDB calls it. */
export type Compression = 'none' | 'gzip'

/** A header is looked for in so many bytes. */
const HEAD_BYTES = 1024 * 1024

/** The beginning of a text file, unpacked where it is packed with gzip, whatever its name is. InvalidInput where it cannot be unpacked. */
export async function textHead(path: string): Promise<{ readonly text: string; readonly compression: Compression }> {
  const { compression, stream } = await openText(path)
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece)
    bytes += piece.byteLength
    if (bytes >= HEAD_BYTES) break
  }
  return { text: Buffer.concat(pieces).toString('utf8'), compression }
}

/** The bytes of a text file, unpacked. */
export async function openText(
  path: string,
): Promise<{ readonly stream: AsyncIterable<unknown>; readonly compression: Compression }> {
  const compression = await compressionOf(path)
  const file = createReadStream(path)
  return { compression, stream: compression === 'gzip' ? unpacked(file, path) : file }
}

async function* unpacked(file: Readable, path: string): AsyncGenerator<unknown, void, undefined> {
  try {
    yield* file.pipe(createGunzip())
  } catch (cause) {
    throw new DeltaError('InvalidInput', `${path} cannot be unpacked: ${errorText(cause)}. Check the file.`, {
      cause,
      details: { path },
    })
  } finally {
    file.destroy()
  }
}

async function compressionOf(path: string): Promise<Compression> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.readUInt32BE() === 0x28b52ffd) {
      throw new DeltaError('InvalidInput', `${path} is packed with zstd: unpack it, or pack it with gzip.`, {
        details: { path },
      })
    }
    return buffer.readUInt16BE() === 0x1f8b ? 'gzip' : 'none'
  } finally {
    await file.close()
  }
}
