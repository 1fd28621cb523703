import { type FileHandle, open, unlink } from 'node:fs/promises'
import type { ByteSource } from '../../parquet/byte-source.js'
import { corrupt } from '../../parquet/footer.js'
import type { PartialCopy, PlacedChunk } from '../../parquet/partial-copy.js'
import { fetchSpans, writeAll } from './fetch-spans.js'
import type { Limiter } from './limiter.js'

const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31)

/**
 * A sparse file on local disk that stands for a remote one, for one choice of row groups. Columns are added to it as queries need
 * them; a reader that keeps to those that are there cannot tell it from the whole file.
 */
export class LocalCopy {
  readonly path: string
  /** Row groups that its footer has; undefined: it is a copy of the whole file. */
  readonly rowGroups: readonly number[] | undefined
  /** How many queries read it now. */
  users = 0
  /** Bytes that it takes on disk. */
  bytes = 0
  readonly #chunks = new Set<string>()
  #created = false
  #work: Promise<unknown> = Promise.resolve()

  constructor(path: string, rowGroups: readonly number[] | undefined) {
    this.path = path
    this.rowGroups = rowGroups
  }

  has(chunk: PlacedChunk): boolean {
    return this.rowGroups === undefined ? this.#created : this.#chunks.has(keyOf(chunk))
  }

  /** Brings in the chunks that are not there yet. Calls for one copy run one after the other. Returns how many bytes it grew. */
  fill(source: ByteSource, copy: PartialCopy, limiter: Limiter, signal?: AbortSignal): Promise<number> {
    return this.#inTurn(async () => {
      const missing = copy.chunks.filter((chunk) => !this.has(chunk))
      if (this.#created && missing.length === 0) return 0
      const file = await open(this.path, this.#created ? 'r+' : 'w+')
      try {
        let grown = 0
        if (!this.#created) {
          await writeAll(file, MAGIC, 0)
          await writeAll(file, copy.trailer, source.size)
          grown += copy.trailer.byteLength
        }
        await fetchSpans(
          source,
          missing.map(({ span }) => span),
          file,
          limiter,
          signal,
        )
        for (const chunk of missing) {
          this.#chunks.add(keyOf(chunk))
          grown += chunk.span.end - chunk.span.start
        }
        this.#created = true
        this.bytes += grown
        return grown
      } finally {
        await file.close()
      }
    })
  }

  /** Brings in the whole file. */
  fillWhole(source: ByteSource, limiter: Limiter, signal?: AbortSignal): Promise<number> {
    return this.#inTurn(async () => {
      if (this.#created) return 0
      const file = await open(this.path, 'w+')
      try {
        await fetchSpans(source, [{ start: 0, end: source.size }], file, limiter, signal)
        await checkEnd(file, source)
        this.#created = true
        this.bytes = source.size
        return source.size
      } finally {
        await file.close()
      }
    })
  }

  async remove(): Promise<void> {
    await unlink(this.path).catch(() => undefined)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work)
    this.#work = turn.catch(() => undefined)
    return turn
  }
}

/** Where the size in the log is wrong, the end is not there. */
async function checkEnd(file: FileHandle, { name, size }: ByteSource): Promise<void> {
  const { buffer } = await file.read(new Uint8Array(MAGIC.byteLength), 0, MAGIC.byteLength, size - MAGIC.byteLength)
  if (MAGIC.some((byte, i) => buffer[i] !== byte)) throw corrupt(name, 'it does not end as a Parquet file does')
}

function keyOf({ rowGroup, leaf }: PlacedChunk): string {
  return `${rowGroup}.${leaf}`
}
