import { type FileHandle, link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DeltaError } from '../../errors/delta-error.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import { bodyChunks } from '../object-body.js'
import type { ObjectBody, PutOptions } from '../object-store.js'
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
 * Answers undefined for a `create` that lost. Throws the system errors of the file system calls. The temporary file is removed whatever happens.
 */
export async function writeFile(path: string, body: ObjectBody, options: PutOptions): Promise<WrittenSize | undefined> {
  const folder = dirname(path)
  const temporary = join(folder, temporaryName())
  const handle = await createIn(folder, temporary)
  let renamed = false
  try {
    const written = await fill(handle, body, options.signal)
    throwIfAborted(options.signal)
    if (options.mode === 'create') {
      if (!(await linkOnce(temporary, path))) return undefined
    } else {
      await rename(temporary, path)
      renamed = true
    }
    await syncFolder(folder)
    return written
  } finally {
    if (!renamed) await unlink(temporary).catch(() => undefined)
  }
}

/** Opens a new file for writing, and makes its folder where that is missing. */
async function createIn(folder: string, file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    await makeFolder(folder)
    return await open(file, 'wx')
  }
}

/** Makes a folder and its missing parents; each new entry is made durable in its parent. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function fill(handle: FileHandle, body: ObjectBody, signal: AbortSignal | undefined): Promise<WrittenSize> {
  try {
    for await (const chunk of bodyChunks(body, signal)) await writeAll(handle, chunk)
    await handle.sync()
    const { size, mtimeMs } = await handle.stat()
    return { size, lastModified: Math.floor(mtimeMs) }
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength; ) {
    const { bytesWritten } = await handle.write(chunk, offset)
    offset += bytesWritten
  }
}

/** False where the name is taken. */
async function linkOnce(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
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

/** Windows has no fsync of folders; there the file system's own journal has to do. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
