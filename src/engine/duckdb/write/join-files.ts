import { open, rm } from 'node:fs/promises'
import { readFooter } from '../../../parquet/footer.js'
import { joinPlan } from '../../../parquet/join-plan.js'
import { copyBytes, openSource } from './file-bytes.js'
import type { SizedFile } from './split-file.js'

/**
 * Joins neighbours among files of one schema and writer into files of at most a size: bytes are copied, nothing is encoded again. The first
 * of those joined is lengthened, the others are removed.
 */
export async function joinFiles<T extends SizedFile>(
  files: readonly T[],
  targetSize: number,
  merge: (files: readonly T[], joined: SizedFile) => T,
): Promise<T[]> {
  const runs: T[][] = []
  let size = 0
  for (const file of files) {
    const run = runs.at(-1)
    if (run !== undefined && size + file.size <= targetSize) run.push(file)
    else runs.push([file])
    size = run === runs.at(-1) ? size + file.size : file.size
  }
  const joined: T[] = []
  for (const run of runs) {
    joined.push(run.length === 1 ? (run[0] as T) : merge(run, await joinAll(run)))
  }
  return joined
}

async function joinAll(files: readonly SizedFile[]): Promise<SizedFile> {
  const { localPath } = files[0] as SizedFile
  const handle = await open(localPath, 'r+')
  try {
    const parts = await Promise.all(files.map(partOf))
    const { spans, trailer, numRows } = joinPlan(parts)
    let at = 0
    for (const [i, span] of spans.entries()) {
      if (i > 0) await copyBytes((files[i] as SizedFile).localPath, span, handle, at)
      at += span.end - span.start
    }
    await handle.write(trailer, 0, trailer.byteLength, at)
    const size = at + trailer.byteLength
    await handle.truncate(size)
    await Promise.all(files.slice(1).map((file) => rm(file.localPath)))
    return { localPath, size, numRows }
  } finally {
    await handle.close()
  }
}

async function partOf(file: SizedFile) {
  const handle = await open(file.localPath, 'r')
  try {
    const source = openSource(handle, file)
    return { source, footer: await readFooter(source) }
  } finally {
    await handle.close()
  }
}
