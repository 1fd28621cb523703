import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { readFooter } from '../../../parquet/footer.js'
import { MAGIC } from '../../../parquet/mini-file.js'
import { type FilePart, splitPlan } from '../../../parquet/split-plan.js'
import { openSource } from './file-bytes.js'

/** A Parquet file on local disk. */
export interface SizedFile {
  readonly localPath: string
  readonly size: number
  readonly numRows: number
}

const BUFFER_BYTES = 4 * 2 ** 20

/** Splits a file into files of about a size, in order, at the borders of row groups: bytes are copied, nothing is encoded again. The file itself becomes the first of them. */
export async function splitFile(file: SizedFile, targetSize: number): Promise<SizedFile[]> {
  const handle = await open(file.localPath, 'r+')
  try {
    const source = openSource(handle, file)
    const [first, ...others] = splitPlan(source, await readFooter(source), targetSize)
    if (first === undefined || others.length === 0) return [file]
    const parts: SizedFile[] = []
    for (const [i, part] of others.entries())
      parts.push(await copyPart(file.localPath, part, `${file.localPath}-${i + 1}`))
    await handle.write(first.trailer, 0, first.trailer.byteLength, first.span.end)
    await handle.truncate(first.span.end + first.trailer.byteLength)
    return [
      { localPath: file.localPath, size: first.span.end + first.trailer.byteLength, numRows: first.numRows },
      ...parts,
    ]
  } finally {
    await handle.close()
  }
}

async function copyPart(from: string, { span, trailer, numRows }: FilePart, localPath: string): Promise<SizedFile> {
  const { start, end } = span
  const bytes = createReadStream(from, { start, end: end - 1, highWaterMark: BUFFER_BYTES })
  const file = async function* (): AsyncGenerator<Uint8Array> {
    yield MAGIC
    yield* bytes
    yield trailer
  }
  await pipeline(file, createWriteStream(localPath))
  return { localPath, size: MAGIC.byteLength + end - start + trailer.byteLength, numRows }
}
