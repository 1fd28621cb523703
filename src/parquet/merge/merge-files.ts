import { errorText } from '../../errors/error-text.js'
import { joinBytes } from '../../runtime/join-bytes.js'
import type { ByteSource } from '../byte-source.js'
import { CREATED_BY } from '../created-by.js'
import { fetchChunks } from '../fetch-chunks.js'
import { corrupt, type Footer } from '../footer.js'
import { moveRowGroup } from '../join-row-groups.js'
import { chunkAt, chunksOf, fileTrailer, MAGIC } from '../mini-file.js'
import { type ReadLeaf, readLeaves, readNodes } from '../pages/read-node.js'
import { type ParquetLeaf, parquetLeaves } from '../parquet-leaf.js'
import { parseSchema } from '../parquet-schema.js'
import { withoutIndexes } from '../partial-copy.js'
import { rowGroupStruct, TYPE_DEFINED_ORDER } from '../row-group-struct.js'
import { rowGroupExtent } from '../split-plan.js'
import type { ThriftStruct } from '../thrift-type.js'
import { type MergeChunksOptions, mergeChunks } from './merge-chunks.js'
import { mergeStatistics } from './merge-statistics.js'
import { Scratch } from './scratch.js'
import { type SourceChunk, sourceChunk } from './source-page.js'

/** A file whose rows go into another. */
export interface MergedFile {
  readonly source: ByteSource
  readonly footer: Footer
}

export interface MergeSettings {
  /** `CompressionCodec` of parquet.thrift: snappy or none. */
  readonly codec: number
  /** Is told how many rows went into the file. */
  readonly onRows: (rows: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Row groups are put together up to so many rows, or bytes of values. */
const ROW_GROUP_ROWS = 122_880
const ROW_GROUP_BYTES = 128 << 20
/** A column that got no dictionary is not tried for so many row groups. */
const REST = 7
/** What of a large row group is copied at a time. */
const COPY_BYTES = 8 << 20

/**
 * The bytes of one file with the rows of several, in order. Values are not decoded: large row groups are copied, of small ones the pages are put behind each other, see {@link mergeChunks}. Page
 * indexes and bloom filters are left out, bounds are kept.
 *
 * @param files of one schema ({@link haveOneSchema}), of chunks that are readable ({@link isReadable})
 * @throws CorruptData
 */
export async function* mergeFiles(
  files: AsyncIterable<MergedFile>,
  settings: MergeSettings,
): AsyncGenerator<Uint8Array, void, undefined> {
  const merger = new Merger(settings)
  yield MAGIC
  for await (const file of files) {
    merger.schema ??= schemaOf(file)
    for (const group of file.footer.rowGroups) yield* merger.add({ source: file.source, group })
  }
  yield* merger.flush()
  yield merger.trailer()
}

interface MergedSchema {
  readonly root: Footer
  readonly leaves: readonly { readonly read: ReadLeaf; readonly meaning: ParquetLeaf }[]
}

function schemaOf({ footer }: MergedFile): MergedSchema {
  const columns = parseSchema(footer.elements)
  const meanings = parquetLeaves(columns)
  const nodes = readNodes(columns)
  if (nodes === undefined) throw new Error('Files of this schema cannot be merged.')
  const leaves = readLeaves(nodes).map((read, i) => ({ read, meaning: meanings[i] as ParquetLeaf }))
  return { root: footer, leaves }
}

/** A row group of a file. */
interface Part {
  readonly source: ByteSource
  readonly group: ThriftStruct
}

class Merger {
  schema: MergedSchema | undefined
  /** Row groups that become one. */
  #waiting: Part[] = []
  #waitingRows = 0
  #waitingBytes = 0
  readonly #settings: MergeSettings
  readonly #rowGroups: ThriftStruct[] = []
  /** Of each leaf, for how many row groups it is not tried whether it gets a dictionary. */
  readonly #rests: number[] = []
  readonly #scratch = new Scratch()
  #end = MAGIC.byteLength
  #rows = 0

  constructor(settings: MergeSettings) {
    this.#settings = settings
  }

  /** Takes a row group, after those before it where they have no room for it. */
  async *add(part: Part): AsyncGenerator<Uint8Array, void, undefined> {
    const [rows, bytes] = [Number(part.group.field_3), Number(part.group.field_2)]
    if (rows === 0) return
    if (this.#waitingRows + rows > ROW_GROUP_ROWS || this.#waitingBytes + bytes > ROW_GROUP_BYTES) yield* this.flush()
    this.#waiting.push(part)
    this.#waitingRows += rows
    this.#waitingBytes += bytes
  }

  async *flush(): AsyncGenerator<Uint8Array, void, undefined> {
    const parts = this.#waiting
    const rows = this.#waitingRows
    this.#waiting = []
    this.#waitingRows = 0
    this.#waitingBytes = 0
    const [first, second] = parts
    if (first === undefined) return
    this.#rows += rows
    if (second === undefined) yield* this.#copy(first)
    else yield* this.#merge(parts, rows)
    this.#settings.onRows(rows)
  }

  trailer(): Uint8Array {
    const { root, leaves } = this.schema as MergedSchema
    return fileTrailer({
      field_1: 1,
      field_2: root.elements,
      field_3: BigInt(this.#rows),
      field_4: this.#rowGroups,
      field_6: new TextEncoder().encode(CREATED_BY),
      field_7: leaves.map(() => TYPE_DEFINED_ORDER),
    })
  }

  async *#copy({ source, group }: Part): AsyncGenerator<Uint8Array, void, undefined> {
    const { start, end } = rowGroupExtent(source, group)
    const { leaves } = this.schema as MergedSchema
    const chunks = chunksOf(group).map((chunk, i) => {
      const plain = withoutIndexes(chunk)
      const { field_12, ...metaData } = plain.field_3 as ThriftStruct
      const { meaning } = leaves[i] as MergedSchema['leaves'][number]
      // What readers make of older bounds depends on who wrote the file, which is another now.
      const statistics = mergeStatistics(meaning, [plain.field_3 as ThriftStruct])
      return { ...plain, field_3: { ...metaData, ...(statistics && { field_12: statistics }) } }
    })
    this.#rowGroups.push(moveRowGroup({ ...group, field_1: chunks }, this.#end - start, this.#rowGroups.length))
    for (let at = start; at < end; at += COPY_BYTES) {
      yield await source.read(at, Math.min(end, at + COPY_BYTES), this.#settings.signal)
    }
    this.#end += end - start
  }

  async *#merge(parts: readonly Part[], numRows: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { leaves } = this.schema as MergedSchema
    const offset = this.#end
    const opened = await Promise.all(parts.map((part) => openPart(part, this.#settings.signal)))
    const pieces: Uint8Array[] = []
    const chunks: ThriftStruct[] = []
    for (const [i, { read, meaning }] of leaves.entries()) {
      const stored = opened.map(({ chunks: all }) => all[i] as StoredChunk)
      const rest = this.#rests[i] ?? 0
      const writer = mergeLeaf(read, stored, {
        codec: this.#settings.codec,
        scratch: rest === 0 ? this.#scratch : undefined,
      })
      this.#rests[i] = rest > 0 ? rest - 1 : writer.hasDictionary ? 0 : REST
      const metaDatas = stored.map(({ metaData }) => metaData)
      const { field_1, field_3 } = metaDatas[0] as ThriftStruct
      const statistics = mergeStatistics(meaning, metaDatas)
      chunks.push({ field_1, field_3, ...writer.metaData(this.#end), ...(statistics && { field_12: statistics }) })
      pieces.push(...writer.pieces)
      this.#end += writer.byteLength
    }
    this.#rowGroups.push(rowGroupStruct(chunks, { numRows, offset, ordinal: this.#rowGroups.length }))
    yield* joinSmall(pieces)
  }
}

interface StoredChunk {
  readonly source: ByteSource
  readonly metaData: ThriftStruct
  readonly bytes: Uint8Array
}

async function openPart({ source, group }: Part, signal: AbortSignal | undefined): Promise<{ chunks: StoredChunk[] }> {
  const spans = chunksOf(group).map((_, leaf) => chunkAt(group, leaf, source).span)
  const bytesOf = fetchChunks(source, spans, signal)
  const chunks = chunksOf(group).map(async ({ field_3 }, leaf) => {
    return { source, metaData: field_3 as ThriftStruct, bytes: await bytesOf(spans[leaf] as (typeof spans)[number]) }
  })
  return { chunks: await Promise.all(chunks) }
}

function mergeLeaf(leaf: ReadLeaf, stored: readonly StoredChunk[], options: MergeChunksOptions) {
  const chunks = stored.map(({ source, metaData, bytes }) => guard(source, () => sourceChunk(leaf, metaData, bytes)))
  try {
    return mergeChunks(leaf, chunks, options)
  } catch (cause) {
    const damaged = chunks.findIndex(isDamaged)
    throw corrupt((stored[Math.max(damaged, 0)] as StoredChunk).source.name, errorText(cause), cause)
  }
}

function isDamaged({ pages }: SourceChunk): boolean {
  try {
    for (const page of pages) page.values()
    return false
  } catch {
    return true
  }
}

function guard<T>(source: ByteSource, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw corrupt(source.name, errorText(cause), cause)
  }
}

/** Larger pieces are not joined. */
const LARGE_PIECE = 16 << 10

function* joinSmall(pieces: readonly Uint8Array[]): Generator<Uint8Array, void, undefined> {
  let small: Uint8Array[] = []
  for (const piece of pieces) {
    if (piece.byteLength < LARGE_PIECE) small.push(piece)
    else {
      yield joinBytes(small)
      yield piece
      small = []
    }
  }
  yield joinBytes(small)
}
