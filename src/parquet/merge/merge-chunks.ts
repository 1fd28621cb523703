import { joinBytes } from '../../runtime/join-bytes.js'
import { bitWidth, encodeHybrid, encodeLevels, varintOf } from '../pages/encode-hybrid.js'
import { exactHybrid } from '../pages/exact-hybrid.js'
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

/** Small pages of plain values become one of up to so many values, or bytes. */
const PLAIN_VALUES = 1 << 14
const PLAIN_BYTES = 1 << 20
/** Pages of numbers of a dictionary become one: DuckDB reads values of one page as numbers of its dictionary, and aggregates such half again as fast. */
const SHARED_VALUES = 1 << 17

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
    for (const run of runsOf(pages, PLAIN_VALUES, PLAIN_BYTES)) writePlain(out, leaf, run)
    return out
  }
  out.dictionary(shared.index.plain(), shared.index.size)
  const width = Math.max(1, bitWidth(shared.index.size - 1))
  let at = 0
  for (const run of runsOf(pages, SHARED_VALUES, Number.POSITIVE_INFINITY)) {
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
function runsOf(pages: readonly ReadyPage[], mostValues: number, mostBytes: number): ReadyPage[][] {
  const runs: ReadyPage[][] = []
  let [count, bytes] = [0, 0]
  for (const each of pages) {
    const unpacked = Number(each.page.page.header.field_2)
    const run = runs.at(-1)
    if (run !== undefined && count + each.page.count <= mostValues && bytes + unpacked <= mostBytes) run.push(each)
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

/** @param needed bits of a number of the dictionary */
function writeNumbers(
  out: ChunkWriter,
  leaf: ReadLeaf,
  run: readonly ReadyPage[],
  shared: readonly SharedPage[],
  needed: number,
): void {
  const [first] = run
  const [only] = shared
  if (run.length === 1 && first?.isReady && only !== undefined && 'renumbered' in only) {
    if (only.renumbered.every((number, i) => number === i)) {
      out.copy(first.page.page, first.page.count)
      return
    }
  }
  const width = widthOf(run, needed)
  const numbers = run.flatMap(({ page }, i) => {
    const each = shared[i] as SharedPage
    const encoded =
      'numbers' in each
        ? encodeHybrid(each.numbers, width)
        : (renumberedPage(page, each.renumbered, width) ??
          encodeHybrid(replaced(page.indices(), each.renumbered), width))
    return i === run.length - 1 ? [encoded] : exactHybrid(encoded, width, page.present)
  })
  out.data(countOf(run), ENCODING.rleDictionary, [...levelsOf(leaf, run), Uint8Array.of(width), ...numbers])
}

/** Some writers take a bit more than they need: then numbers need not be packed anew. */
function widthOf(run: readonly ReadyPage[], needed: number): number {
  const [width] = run.find(({ page }) => page.isDictionaryEncoded)?.page.encoded ?? []
  return width === needed + 1 ? width : needed
}

/** The numbers of a page with others in their place; undefined where they have not as many bits as they need. */
function renumberedPage({ encoded }: SourcePage, by: Int32Array, width: number): Uint8Array | undefined {
  if (encoded[0] !== width) return undefined
  return renumberHybrid(encoded.subarray(1), width, by)
}

function replaced(numbers: Int32Array, by: Int32Array): Int32Array {
  for (let i = 0; i < numbers.length; i++) numbers[i] = by[numbers[i] as number] as number
  return numbers
}

/** Levels of a page as version 1 has them. */
function levelsOf(leaf: ReadLeaf, run: readonly ReadyPage[]): Uint8Array[] {
  const pages = run.map(({ page }) => page)
  const [only, another] = pages
  const kinds = [
    { max: leaf.repetition, kind: 'repetition' },
    { max: leaf.definition, kind: 'definition' },
  ] as const
  return kinds.flatMap(({ max, kind }) => {
    if (max === 0) return []
    if (only !== undefined && another === undefined) return [lengthOf(only.levels[kind]), only.levels[kind]]
    if (kind === 'definition' && pages.every(({ present, count }) => present === count)) {
      const encoded = joinBytes([varintOf(countOf(run) << 1), Uint8Array.of(max)])
      return [lengthOf(encoded), encoded]
    }
    return [encodeLevels(joinBytes(pages.map((page) => page[kind]() as Uint8Array)), max)]
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
