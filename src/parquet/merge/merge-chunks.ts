import { joinBytes } from '../../runtime/join-bytes.js'
import { bitWidth, encodeHybrid, encodeLevels } from '../pages/encode-hybrid.js'
import { ENCODING } from '../pages/page-format.js'
import type { StoredValues } from '../pages/plain-values.js'
import type { ReadLeaf } from '../pages/read-node.js'
import { renumberHybrid } from '../pages/renumber-hybrid.js'
import { PHYSICAL } from '../parquet-schema.js'
import { ChunkWriter } from './chunk-writer.js'
import type { Scratch } from './scratch.js'
import { type SharedPage, shareDictionary } from './shared-dictionary.js'
import type { SourceChunk, SourcePage } from './source-page.js'

export interface MergeChunksOptions {
  /** `CompressionCodec` of parquet.thrift: snappy or none. */
  readonly codec: number
  /** For a dictionary. Undefined: none is tried. */
  readonly scratch: Scratch | undefined
}

/** Small pages become one of up to so many values, or bytes. */
const PAGE_VALUES = 1 << 14
const PAGE_BYTES = 1 << 20

/**
 * Makes one column chunk of several of the same leaf: pages of plain values as they are, where they are not small; those of dictionaries under
 * one dictionary. Plain values get a dictionary where they repeat.
 *
 * @throws Error where a page is damaged
 */
export function mergeChunks(
  leaf: ReadLeaf,
  chunks: readonly SourceChunk[],
  { codec, scratch }: MergeChunksOptions,
): ChunkWriter {
  const out = new ChunkWriter(codec)
  const pages = chunks.flatMap((chunk) => chunk.pages.map((page) => ({ page, isReady: chunk.codec === codec })))
  const shared = scratch && shareDictionary(leaf, chunks, scratch)
  if (shared === undefined) {
    for (const run of runsOf(pages)) writePlain(out, leaf, run)
    return out
  }
  out.dictionary(shared.index.plain(), shared.index.size)
  const width = Math.max(1, bitWidth(shared.index.size - 1))
  let at = 0
  for (const run of runsOf(pages)) {
    writeNumbers(out, leaf, run, shared.pages.slice(at, at + run.length), width)
    at += run.length
  }
  return out
}

interface ReadyPage {
  readonly page: SourcePage
  /** Whether it is compressed as it should be. */
  readonly isReady: boolean
}

/** Pages that become one. */
function runsOf(pages: readonly ReadyPage[]): ReadyPage[][] {
  const runs: ReadyPage[][] = []
  let [count, bytes] = [0, 0]
  for (const each of pages) {
    const unpacked = Number(each.page.page.header.field_2)
    const run = runs.at(-1)
    if (run !== undefined && count + each.page.count <= PAGE_VALUES && bytes + unpacked <= PAGE_BYTES) run.push(each)
    else {
      runs.push([each])
      ;[count, bytes] = [0, 0]
    }
    count += each.page.count
    bytes += unpacked
  }
  return runs
}

function writePlain(out: ChunkWriter, leaf: ReadLeaf, run: readonly ReadyPage[]): void {
  const [first] = run
  if (run.length === 1 && first?.isReady && !first.page.isDictionaryEncoded) out.copy(first.page.page, first.page.count)
  else {
    const parts = run.map(({ page }) => page.values())
    const values = joinPlain(leaf, parts)
    out.data(countOf(run), ENCODING.plain, [...levelsOf(leaf, run), values])
  }
}

/** @param width bits of a number of the dictionary */
function writeNumbers(
  out: ChunkWriter,
  leaf: ReadLeaf,
  run: readonly ReadyPage[],
  shared: readonly SharedPage[],
  width: number,
): void {
  const [first] = run
  const [only] = shared
  if (run.length === 1 && first !== undefined && only !== undefined && 'renumbered' in only) {
    if (first.isReady && only.renumbered.every((number, i) => number === i)) {
      out.copy(first.page.page, first.page.count)
      return
    }
    const encoded = renumberedPage(first.page, only.renumbered)
    if (encoded !== undefined) {
      out.data(first.page.count, ENCODING.rleDictionary, [...levelsOf(leaf, run), encoded])
      return
    }
  }
  const numbers = joinNumbers(
    run.map(({ page }, i) => {
      const each = shared[i] as SharedPage
      return 'numbers' in each ? each.numbers : replaced(page.indices(), each.renumbered)
    }),
  )
  const values = [Uint8Array.of(width), encodeHybrid(numbers, width)]
  out.data(countOf(run), ENCODING.rleDictionary, [...levelsOf(leaf, run), ...values])
}

/** A page of numbers with others in their place, as many bits each; undefined where those are too few. */
function renumberedPage({ encoded }: SourcePage, by: Int32Array): Uint8Array | undefined {
  const [width = 0] = encoded
  if (by.some((number) => bitWidth(number) > width)) return undefined
  const numbers = renumberHybrid(encoded.subarray(1), width, by)
  return numbers && joinBytes([encoded.subarray(0, 1), numbers])
}

function replaced(numbers: Int32Array, by: Int32Array): Int32Array {
  for (let i = 0; i < numbers.length; i++) numbers[i] = by[numbers[i] as number] as number
  return numbers
}

/** Levels of a page as version 1 has them. */
function levelsOf(leaf: ReadLeaf, run: readonly ReadyPage[]): Uint8Array[] {
  const [first, second] = run
  const kinds = [
    { max: leaf.repetition, encoded: first?.page.levels.repetition, each: (page: SourcePage) => page.repetition() },
    { max: leaf.definition, encoded: first?.page.levels.definition, each: (page: SourcePage) => page.definition() },
  ]
  return kinds.flatMap(({ max, encoded, each }) => {
    if (max === 0) return []
    if (encoded !== undefined && second === undefined) return [lengthOf(encoded), encoded]
    return [encodeLevels(joinBytes(run.map(({ page }) => each(page) as Uint8Array)), max)]
  })
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.byteLength, true)
  return length
}

function countOf(run: readonly ReadyPage[]): number {
  return run.reduce((sum, { page }) => sum + page.count, 0)
}

function joinNumbers(parts: readonly Int32Array[]): Int32Array {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const joined = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Values as PLAIN has them (parquet-format, "Encodings"). */
function joinPlain({ physicalType, width }: ReadLeaf, parts: readonly StoredValues[]): Uint8Array {
  if (physicalType === PHYSICAL.boolean) return packedBits(parts)
  const prefix = physicalType === PHYSICAL.byteArray ? 4 : 0
  const lengths = parts.map(({ bytes, at }) => {
    if (prefix === 0) return at.length * width
    let length = 0
    for (let i = 0; i < at.length; i++) length += prefix + lengthBefore(bytes, at[i] as number)
    return length
  })
  const out = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let end = 0
  for (const { bytes, at } of parts) {
    for (let i = 0; i < at.length; i++) {
      const place = at[i] as number
      const length = prefix === 0 ? width : lengthBefore(bytes, place)
      for (let k = place - prefix; k < place + length; k++) out[end++] = bytes[k] as number
    }
  }
  return out
}

function lengthBefore(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at - 4] as number) |
    ((bytes[at - 3] as number) << 8) |
    ((bytes[at - 2] as number) << 16) |
    ((bytes[at - 1] as number) << 24)
  )
}

function packedBits(parts: readonly StoredValues[]): Uint8Array {
  const bits = new Uint8Array((parts.reduce((sum, { at }) => sum + at.length, 0) + 7) >> 3)
  let next = 0
  for (const { bytes, at } of parts) {
    for (let i = 0; i < at.length; i++, next++) {
      const byte = next >> 3
      bits[byte] = (bits[byte] as number) | ((bytes[at[i] as number] as number) << (next & 7))
    }
  }
  return bits
}
