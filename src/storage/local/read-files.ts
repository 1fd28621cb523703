import { closeSync, fstatSync, openSync, read, readFileSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { throwIfAborted } from '../../runtime/aborted.js'
import { uninitializedBytes } from '../../runtime/uninitialized-bytes.js'
import { spanOf } from '../byte-range.js'
import type { GetOptions } from '../object-store.js'

/**
 * Reads a file, or a range of it; undefined where the path is a folder. Throws the system errors of the file system calls. A whole small file, as most of a log are, is
 * read synchronously: that takes some microseconds, and the thread pool would take half a millisecond of processor time. For the same reason only the bytes
 * of others go through the pool.
 */
export async function readFileRange(path: string, { range, signal }: GetOptions): Promise<Uint8Array | undefined> {
  throwIfAborted(signal, 'The read')
  if (range === undefined) {
    const whole = readSmallFile(path)
    if (whole !== undefined) return whole
  }
  const file = openSync(path, 'r')
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return undefined
    const { start, end } = spanOf(range, stat.size)
    const bytes = uninitializedBytes(end - start)
    let filled = 0
    while (filled < bytes.byteLength) {
      throwIfAborted(signal, 'The read')
      const length = Math.min(bytes.byteLength - filled, LARGEST_READ)
      const { bytesRead } = await readPooled(file, bytes, filled, length, start + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled === bytes.byteLength ? bytes : bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}

/**
 * Reads many small files, synchronously in batches: 20,000 commits in 0.13 s, where asynchronous readers take 2.2 s.
 * Between batches the event loop gets its turn and the signal is looked at.
 *
 * `onError` answers what to throw for what reading `paths[index]` threw.
 */
export async function readSmallFiles(
  paths: readonly string[],
  signal: AbortSignal | undefined,
  onError: (error: unknown, index: number) => unknown,
): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = []
  let [files, bytes] = [0, 0]
  for (const [index, path] of paths.entries()) {
    if (files === 0) throwIfAborted(signal, 'The read')
    const content = readOne(path, index, onError)
    contents.push(content)
    files++
    bytes += content.byteLength
    if (files < FILES_A_BATCH && bytes < BYTES_A_BATCH) continue
    files = bytes = 0
    await setImmediate()
  }
  return contents
}

function readOne(path: string, index: number, onError: (error: unknown, index: number) => unknown): Uint8Array {
  try {
    return readSmallFile(path) ?? new Uint8Array(readFileSync(path))
  } catch (error) {
    throw onError(error, index)
  }
}

/** A file that is smaller than the scratch: then neither its size is asked for nor an end looked for. Undefined where it is not. */
function readSmallFile(path: string): Uint8Array | undefined {
  const file = openSync(path, 'r')
  try {
    const length = readSync(file, SCRATCH, 0, SCRATCH.byteLength, 0)
    return length < SCRATCH.byteLength ? SCRATCH.slice(0, length) : undefined
  } finally {
    closeSync(file)
  }
}

const readPooled = promisify(read)

/** Shared: it is filled and copied from without anything awaited in between. */
const SCRATCH = new Uint8Array(64 * 1024)

/** One read(2) on Linux moves at most 2 GiB; smaller steps also let an abort through. */
const LARGEST_READ = 64 * 1024 * 1024
const FILES_A_BATCH = 256
const BYTES_A_BATCH = 4 * 1024 * 1024
