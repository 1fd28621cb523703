import { type FileHandle, open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { DeltaError, isDeltaError } from '../../src/index.js'

/**
 * Writes a file piece by piece. It appears when it is complete: an error leaves what was there before.
 *
 * @throws StorageFull; InvalidArgument where no file can be written
 */
export async function writeOutputFile(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path)
    const existing = await stat(target).catch(() => undefined)
    // Devices and pipes cannot be replaced.
    if (existing !== undefined && !existing.isFile()) return await writeAll(await open(target, 'w'), pieces)
    const partial = `${target}.${process.pid}.partial`
    try {
      await writeAll(await open(partial, 'w'), pieces)
      await rename(partial, target)
    } catch (error) {
      await unlink(partial).catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw outputError(path, error)
  }
}

async function writeAll(file: FileHandle, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    for await (const piece of pieces) await file.appendFile(piece)
  } finally {
    await file.close()
  }
}

function outputError(path: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException
  if (isDeltaError(cause) || code === undefined) return cause
  const details = { path }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DeltaError('StorageFull', `No space is left to write ${path}. Free some and repeat.`, { cause, details })
  }
  return new DeltaError('InvalidArgument', `${path} cannot be written (${code}). Check the path and its permissions.`, {
    cause,
    details,
  })
}
