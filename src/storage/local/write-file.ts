import { closeSync, fstatSync, linkSync, openSync, renameSync, unlinkSync, write, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DeltaError } from '../../errors/delta-error.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { bodyChunks } from '../object-body.js'
import type { ObjectBody, PutOptions } from '../object-store.js'
import { makeFolder, syncFile, syncFolder } from './durable-folder.js'
import { systemCode } from './local-error.js'
import { temporaryName } from './temporary-file.js'

/** What {@link writeFile} wrote. */
export interface WrittenSize {
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly lastModified: number
}

/**
 * Writes a whole file that survives a crash or is not there: temporary file, fsync, then `link()` (`create`: of many
 * linkers one wins) or `rename()` (`overwrite`), then fsync of the folder.
 *
 * Calls that only touch names and small buffers are synchronous: they take microseconds, and 0.3 ms of processor time for a put
 * through the thread pool. What waits for the disk, an fsync or a large write, does not hold up the event loop.
 *
 * Answers undefined for a `create` that lost. Throws the system errors of the file system calls. The temporary file is
 * removed whatever happens.
 */
export async function writeFile(path: string, body: ObjectBody, options: PutOptions): Promise<WrittenSize | undefined> {
  const folder = dirname(path)
  const { temporary, ...written } = await writeTemporary(folder, body, options.signal)
  let renamed = false
  try {
    throwIfAborted(options.signal, 'The put')
    if (options.mode === 'create') {
      if (!linkOnce(temporary, path)) return undefined
    } else {
      renameSync(temporary, path)
      renamed = true
    }
    await syncFolder(folder)
    return written
  } finally {
    if (!renamed) removeQuietly(temporary)
  }
}

/** Writes a temporary file of a folder that survives a crash. Errors as {@link writeFile}; the file is removed then. */
export async function writeTemporary(
  folder: string,
  body: ObjectBody,
  signal: AbortSignal | undefined,
): Promise<WrittenSize & { readonly temporary: string }> {
  const temporary = join(folder, temporaryName())
  const descriptor = await createIn(folder, temporary)
  try {
    return { temporary, ...(await fill(descriptor, body, signal)) }
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

/** Opens a new file for writing, and makes its folder where that is missing. */
async function createIn(folder: string, file: string): Promise<number> {
  try {
    return openSync(file, 'wx')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await makeFolder(folder)
    return openSync(file, 'wx')
  }
}

async function fill(descriptor: number, body: ObjectBody, signal: AbortSignal | undefined): Promise<WrittenSize> {
  try {
    for await (const chunk of bodyChunks(body, signal)) await writeAll(descriptor, chunk)
    await syncFile(descriptor)
    const { size, mtimeMs } = fstatSync(descriptor)
    return { size, lastModified: Math.floor(mtimeMs) }
  } finally {
    closeSync(descriptor)
  }
}

async function writeAll(descriptor: number, chunk: Uint8Array): Promise<void> {
  const small = chunk.byteLength <= LARGEST_SYNCHRONOUS_WRITE
  for (let offset = 0; offset < chunk.byteLength; ) {
    const length = chunk.byteLength - offset
    if (small) offset += writeSync(descriptor, chunk, offset, length)
    else offset += (await writeAsync(descriptor, chunk, offset, length, null)).bytesWritten
  }
}

/** Gives a file a second name; false where the name is taken. */
export function linkOnce(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    throw new DeltaError(
      'UnsupportedStore',
      `The file system of ${path} has no hard links, so a commit there could overwrite another. Keep the table on a file system that has them (ext4, xfs, APFS, NTFS).`,
      { cause: error, details: { path } },
    )
  }
}

/** For temporary files, which nobody misses and nobody sees. */
export function removeQuietly(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // Listings leave it out; what failed before is what the caller has to know.
  }
}

const writeAsync = promisify(write)
const LARGEST_SYNCHRONOUS_WRITE = 256 * 1024
