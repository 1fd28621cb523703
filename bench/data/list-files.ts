import type { Snapshot } from '../../src/snapshot/snapshot.js'

/** Reaches the path and the size of every file. Throws unless there are as many as there should be. */
export async function listFiles(snapshot: Snapshot, expected: number): Promise<void> {
  let paths = 0
  let files = 0
  let bytes = 0
  for (const chunk of (await snapshot.files()).chunks) {
    for (let i = 0; i < chunk.length; i++) {
      paths += chunk.path(i).length
      bytes += chunk.size(i)
    }
    files += chunk.length
  }
  if (files !== expected || paths === 0 || bytes === 0) throw new Error(`${files} files, expected ${expected}`)
}
