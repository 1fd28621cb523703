import { closeSync, fsync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** Waits until what was written to an open file is on the disk. */
export const syncFile: (descriptor: number) => Promise<void> = promisify(fsync)

/** Makes a folder and its missing parents; each new entry is made durable in its parent. */
export async function makeFolder(folder: string): Promise<void> {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

/**
 * Waits until the names in a folder are on the disk. Windows has no fsync of folders; there the file system's own journal
 * has to do.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    await syncFile(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
