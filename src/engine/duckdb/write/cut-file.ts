import { open } from 'node:fs/promises'
import type { WrittenFile } from '../../../data-files/write-target.js'
import { cutPlan } from '../../../parquet/cut-plan.js'
import { readFooter } from '../../../parquet/footer.js'
import { MAGIC } from '../../../parquet/mini-file.js'
import { copyBytes, openSource } from './file-bytes.js'

/** Takes columns, by their names at the top of its schema, out of a file where it lies: bytes are moved together, nothing is encoded again. */
export async function cutFile(file: WrittenFile, columns: ReadonlySet<string>): Promise<WrittenFile> {
  const handle = await open(file.localPath, 'r+')
  try {
    const source = openSource(handle, file)
    const { spans, trailer } = cutPlan(source, await readFooter(source), columns)
    let at = MAGIC.byteLength
    for (const span of spans) {
      if (span.start > at) await copyBytes(file.localPath, span, handle, at)
      at += span.end - span.start
    }
    await handle.write(trailer, 0, trailer.byteLength, at)
    const size = at + trailer.byteLength
    await handle.truncate(size)
    return { ...file, size }
  } finally {
    await handle.close()
  }
}
