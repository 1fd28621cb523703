import { bitWidth } from '../pages/encode-hybrid.js'
import type { ReadLeaf } from '../pages/read-node.js'
import { PHYSICAL } from '../parquet-schema.js'
import type { Scratch } from './scratch.js'
import type { SourceChunk } from './source-page.js'
import { createValueIndex, type ValueIndex } from './value-index.js'

/** One dictionary for several column chunks. */
export interface SharedDictionary {
  readonly index: ValueIndex
  /** Of each page, its values in the dictionary. */
  readonly pages: readonly SharedPage[]
}

/** Where the values of a page stand in a shared dictionary: all of them, or those of the page's own dictionary. */
export type SharedPage = { readonly numbers: Int32Array } | { readonly renumbered: Int32Array }

/**
 * The dictionary that chunks of a column may share; undefined where it would not make them smaller than its values one after the other.
 * @param scratch has what is returned, until it is used again
 */
export function shareDictionary(
  leaf: ReadLeaf,
  chunks: readonly SourceChunk[],
  scratch: Scratch,
): SharedDictionary | undefined {
  const index = createValueIndex(leaf)
  if (index === undefined) return undefined
  const worth = new Worth(leaf, chunks)
  scratch.reset()
  const shared: SharedPage[] = []
  for (const { dictionary, pages } of chunks) {
    const renumbered = dictionary && index.numbersOf(dictionary)
    let seen = 0
    for (const page of pages) {
      if (page.isDictionaryEncoded && renumbered !== undefined) shared.push({ renumbered })
      else {
        const values = page.passingValues(scratch.bytes)
        shared.push({ numbers: index.numbersOf(values, scratch.numbers(values.at.length)) })
      }
      seen += page.count
    }
    if (!worth.holds(index, seen)) return undefined
  }
  return index.size === 0 ? undefined : { index, pages: shared }
}

/** Other writers end a dictionary there. */
const MOST_BYTES = 1 << 20
/** New values among those of a first look that promise no repetition. */
const ALL_BUT_UNIQUE = 0.9
const FEW_VALUES = 1000
/** To look up every value pays where so much is left of plain pages as they are, which need only be copied. */
const WORTH_LOOKING_UP = 0.7
/** Looks that tell how fast a dictionary grows. */
const LOOKS = 3

/** Whether a dictionary in the making will be worth it, judged by how fast it grows. */
class Worth {
  readonly #total: number
  /** Bytes of one value without a dictionary, as far as pages tell. */
  readonly #storedBytes: number
  #seen = 0
  #lookedAt = { seen: 0, size: 0, times: 0, growth: 0 }

  constructor(leaf: ReadLeaf, chunks: readonly SourceChunk[]) {
    let [total, plain, bytes] = [0, 0, 0]
    for (const { count, isDictionaryEncoded, page } of chunks.flatMap(({ pages }) => pages)) {
      total += count
      if (isDictionaryEncoded) continue
      plain += count
      bytes += page.body.byteLength
    }
    this.#total = total
    // Readers like dictionaries of texts better than texts that are compressed well.
    this.#storedBytes =
      plain === 0 || leaf.physicalType === PHYSICAL.byteArray ? Number.POSITIVE_INFINITY : bytes / plain
  }

  /** @param more values that were numbered since the last call */
  holds({ size, byteLength }: ValueIndex, more: number): boolean {
    this.#seen += more
    const { seen, size: before, times, growth: growthBefore } = this.#lookedAt
    const window = this.#seen - seen
    if (byteLength > MOST_BYTES) return false
    if (size === 0 || (window * 16 < this.#total && this.#seen < this.#total)) return true
    const growth = (size - before) / window
    if (times === 0 && window >= FEW_VALUES && growth > ALL_BUT_UNIQUE) return false
    this.#lookedAt = { seen: this.#seen, size, times: times + 1, growth }
    const windows = (this.#total - this.#seen) / window
    const expected = times + 1 < LOOKS ? size : size + growth * window * geometricSum(growth / growthBefore, windows)
    const valueBytes = byteLength / size
    const bytes = expected * valueBytes + (this.#total * bitWidth(Math.ceil(expected))) / 8
    return bytes <= this.#total * Math.min(valueBytes / 2, this.#storedBytes * WORTH_LOOKING_UP)
  }
}

/** What a number that is multiplied by `ratio` each time adds up to, without the first: how values go on coming of which more and more are known. */
function geometricSum(ratio: number, times: number): number {
  return ratio < 1 ? (ratio * (1 - ratio ** times)) / (1 - ratio) : times
}
