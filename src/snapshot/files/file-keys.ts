import { fileKey, normalPath } from '../../log/replay/file-key.js'
import type { DeletionVectorDescriptor } from '../../protocol/actions/action.js'
import { hashBytes } from './path-hash.js'

const encoder = new TextEncoder()

/** Bits of the filter for each path: the chance of a false hit is 1 in 16 at most. */
const FILTER_BITS = 16
/** 8 KiB: of a million files, 15 are looked at in vain for each path of a small commit. */
const MIN_FILTER_WORDS = 2048
/** Among so few, as a commit has, so few are looked for one by one: a filter would take longer to make. */
const FEW_PATHS = 8
const FEW_HASHES = 1024

/** Logical files that commits added or removed: what older states say of them no longer counts. */
export class FileKeys {
  readonly #paths: string[] = []
  readonly #keys = new Set<string>()
  #filter: Int32Array | undefined

  get size(): number {
    return this.#keys.size
  }

  /** False where the file was there before. */
  add(path: string, deletionVector: DeletionVectorDescriptor | undefined): boolean {
    const normal = normalPath(path)
    const before = this.#keys.size
    this.#keys.add(fileKey(normal, deletionVector))
    if (this.#keys.size === before) return false
    this.#paths.push(normal)
    this.#filter = undefined
    return true
  }

  has(path: string, deletionVector: DeletionVectorDescriptor | undefined): boolean {
    return this.#keys.has(fileKey(normalPath(path), deletionVector))
  }

  /** The keys of both. */
  union(other: FileKeys): FileKeys {
    const union = new FileKeys()
    for (const { paths, keys } of [this.#content(), other.#content()]) {
      for (const key of keys) union.#keys.add(key)
      for (const path of paths) union.#paths.push(path)
    }
    return union
  }

  /** The positions in `hashes` of paths that may be among these: all that are, and a few others. */
  candidates(hashes: Int32Array): number[] {
    if (this.#paths.length <= FEW_PATHS && hashes.length <= FEW_HASHES) return positionsOf(this.#hashes(), hashes)
    this.#filter ??= this.#makeFilter()
    const filter = this.#filter
    const mask = filter.length * 32 - 1
    const found: number[] = []
    for (let i = 0; i < hashes.length; i++) {
      const bit = (hashes[i] as number) & mask
      if (((filter[bit >> 5] as number) & (1 << (bit & 31))) !== 0) found.push(i)
    }
    return found
  }

  #content(): { readonly paths: readonly string[]; readonly keys: ReadonlySet<string> } {
    return { paths: this.#paths, keys: this.#keys }
  }

  #makeFilter(): Int32Array {
    let words = MIN_FILTER_WORDS
    while (words * 32 < this.#paths.length * FILTER_BITS) words *= 2
    const filter = new Int32Array(words)
    const mask = words * 32 - 1
    for (const hash of this.#hashes()) {
      const bit = hash & mask
      filter[bit >> 5] = (filter[bit >> 5] as number) | (1 << (bit & 31))
    }
    return filter
  }

  #hashes(): Int32Array {
    const hashes = new Int32Array(this.#paths.length)
    let scratch = new Uint8Array(256)
    let view = new DataView(scratch.buffer)
    for (const [i, path] of this.#paths.entries()) {
      if (path.length * 3 > scratch.length) {
        scratch = new Uint8Array(path.length * 3)
        view = new DataView(scratch.buffer)
      }
      const { written } = encoder.encodeInto(path, scratch)
      hashes[i] = hashBytes(view, 0, written)
    }
    return hashes
  }
}

function positionsOf(wanted: Int32Array, hashes: Int32Array): number[] {
  const found: number[] = []
  for (let i = 0; i < hashes.length; i++) if (wanted.includes(hashes[i] as number)) found.push(i)
  return found
}
