import type { ByteSource } from '../../parquet/byte-source.js'

const MAX_BYTES = 64 * 2 ** 20

/** Keeps the ends of files, which every query over them reads again: the least recently used go first. */
export class FooterCache {
  readonly #ranges = new Map<string, Uint8Array>()
  #bytes = 0

  /** A source that remembers what was read of it: meant for footers only. */
  wrap(source: ByteSource): ByteSource {
    return {
      ...source,
      read: async (start, end, signal) => {
        const key = `${source.name} ${source.size} ${start} ${end}`
        const known = this.#ranges.get(key)
        if (known !== undefined) this.#ranges.delete(key)
        const bytes = known ?? (await source.read(start, end, signal))
        this.#keep(key, bytes, known === undefined)
        return bytes
      },
    }
  }

  #keep(key: string, bytes: Uint8Array, isNew: boolean): void {
    if (isNew) this.#bytes += bytes.byteLength - (this.#ranges.get(key)?.byteLength ?? 0)
    this.#ranges.set(key, bytes)
    for (const [oldest, old] of this.#ranges) {
      if (this.#bytes <= MAX_BYTES) return
      this.#ranges.delete(oldest)
      this.#bytes -= old.byteLength
    }
  }
}
