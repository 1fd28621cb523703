import type { Assembly } from '../runtime/node/assemble-file.js'
import { fetchAssembly } from './assembly.js'
import type { ChunkBytes } from './fetch-chunks.js'
import type { DecodedBatches } from './kernel.js'
import { type Decoding, decodeFlatInline, decodeFromDisk, paysInWorkers, runInline, runInWorker } from './run-kernel.js'

/** Where what is decoded comes from, and how much there is. */
interface DecodingSource {
  /** The file, where it is on local disk. */
  readonly localPath: string | undefined
  /** For other files, and where the disk fails: its error is the one that is told. */
  readonly bytesOf: ChunkBytes
  /** Bytes of what is decoded, and of all that is read of the file, once they are. */
  readonly bytes: number
  readonly expected: number
  readonly signal: AbortSignal | undefined
}

/** Decodes bytes of a file where that costs least: in a worker that reads them itself, in a worker, or here. @returns undefined where the flat decoder cannot */
export async function decodeAssembled(
  assembly: Assembly,
  decoding: Decoding,
  { localPath, bytesOf, bytes, expected, signal }: DecodingSource,
): Promise<DecodedBatches | undefined> {
  const inWorker = paysInWorkers(bytes, expected)
  if (inWorker && localPath !== undefined) {
    const inPlace = await decodeFromDisk({ path: localPath, ...assembly }, decoding, signal)
    if (inPlace !== undefined) return inPlace.decoded
  }
  const file = await fetchAssembly(assembly, bytesOf)
  const { method, args } = decoding
  if (method === 'decode') {
    return inWorker ? runInWorker(method, [file, ...args], [file.buffer], signal) : runInline(method, file, ...args)
  }
  return inWorker ? runInWorker(method, [file, ...args], [file.buffer], signal) : decodeFlatInline(file, ...args)
}
