import { closeSync, fstatSync, linkSync, openSync, renameSync, unlinkSync, write, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DeltaError } from '../../errors/delta-error.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { bodyChunks } from '../object-body.js'
import type { ObjectBody, PutOptions } from '../object-store.js'
import type { DiskSync } from './disk-sync.js'
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
 * linkers one wins) or `rename()` (`overwrite`), then fsync of the folder. With `untilCreate` both fsyncs come after the name, and are waited for by
 * every other `create`.
 *
 * Calls that only touch names and small buffers are synchronous: they take microseconds, and 0.3 ms of processor time for a put
 * through the thread pool. What waits for the disk, an fsync or a large write, does not hold up the event loop.
 *
 * Answers undefined for a `create` that lost. Throws the system errors of the file system calls. The temporary file is
 * removed whatever happens.
 */
export async function writeFile(
  path: string,
  body: ObjectBody,
  { mode, untilCreate = false, signal }: PutOptions,
  sync: DiskSync,
): Promise<WrittenSize | undefined> {
  const folder = dirname(path)
  const { descriptor, temporary, ...written } = await openTemporary(folder, body, signal, sync)
  let open: number | undefined = descriptor
  let renamed = false
  try {
    if (!untilCreate) await Promise.all([sync.file(descriptor), mode === 'create' ? sync.settle() : undefined])
    throwIfAborted(signal, 'The put')
    if (mode === 'create') {
      if (!linkOnce(temporary, path)) return undefined
    } else {
      renameSync(temporary, path)
      renamed = true
    }
    if (untilCreate) {
      open = undefined
      await sync.later(descriptor, folder)
    } else await sync.folder(folder)
    return written
  } finally {
    if (open !== undefined) closeSync(open)
    if (!renamed) removeQuietly(temporary)
  }
}

/**
 * Writes a temporary file of a folder that survives a crash, as does by then whatever was to come to the disk later. Errors as {@link writeFile}; the file is
 * removed then.
 */
export async function writeTemporary(
  folder: string,
  body: ObjectBody,
  signal: AbortSignal | undefined,
  sync: DiskSync,
): Promise<WrittenSize & { readonly temporary: string }> {
  const { descriptor, ...written } = await openTemporary(folder, body, signal, sync)
  try {
    await Promise.all([sync.file(descriptor), sync.settle()])
    return written
  } catch (error) {
    removeQuietly(written.temporary)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** A temporary file with all its bytes, not yet on the disk. It is the caller's to close; where it cannot be written it is removed. */
async function openTemporary(
  folder: string,
  body: ObjectBody,
  signal: AbortSignal | undefined,
  sync: DiskSync,
): Promise<WrittenSize & { readonly temporary: string; readonly descriptor: number }> {
  const temporary = join(folder, temporaryName())
  const descriptor = await createIn(folder, temporary, sync)
  try {
    for await (const chunk of bodyChunks(body, signal)) await writeAll(descriptor, chunk)
    const { size, mtimeMs } = fstatSync(descriptor)
    return { temporary, descriptor, size, lastModified: Math.floor(mtimeMs) }
  } catch (error) {
    closeSync(descriptor)
    removeQuietly(temporary)
    throw error
  }
}

/** Opens a new file for writing, and makes its folder where that is missing. */
async function createIn(folder: string, file: string, sync: DiskSync): Promise<number> {
  try {
    return openSync(file, 'wx')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await sync.makeFolder(folder)
    return openSync(file, 'wx')
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
