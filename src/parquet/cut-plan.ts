import type { ByteSource } from './byte-source.js'
import type { ChunkSpan } from './fetch-chunks.js'
import { corrupt, type Footer } from './footer.js'
import { moveChunk } from './join-row-groups.js'
import { chunkAt, fileTrailer, MAGIC } from './mini-file.js'
import { leafIndexes, parseSchema, type SchemaNode } from './parquet-schema.js'
import { withoutIndexes } from './partial-copy.js'
import type { ThriftStruct } from './thrift-type.js'

/** A file without some of its columns: the magic word, bytes of the original, a footer. */
export interface CutFile {
  /** Bytes of the original, in order, none over another. */
  readonly spans: readonly ChunkSpan[]
  readonly trailer: Uint8Array
}

/**
 * How to take columns out of a file without decoding anything: the bytes of the others, and a footer that knows no more than those. Page indexes and bloom filters are left out. CorruptData where
 * the columns do not lie one behind the other.
 *
 * @param taken the names of columns at the top of the schema
 */
export function cutPlan(source: ByteSource, footer: Footer, taken: ReadonlySet<string>): CutFile {
  const columns = parseSchema(footer.elements).filter(({ name }) => !taken.has(name))
  const leaves = leafIndexes(columns)
  const spans: { start: number; end: number }[] = []
  let end = MAGIC.byteLength
  const rowGroups = footer.rowGroups.map((group) => {
    let [stored, unpacked] = [0n, 0n]
    const chunks = leaves.map((leaf) => {
      const { chunk, span } = chunkAt(group, leaf, source)
      const last = spans.at(-1)
      if (last !== undefined && span.start < last.end) throw corrupt(source.name, 'its columns are out of order')
      if (last?.end === span.start) last.end = span.end
      else spans.push({ ...span })
      const moved = moveChunk(withoutIndexes(chunk), end - span.start)
      end += span.end - span.start
      const metaData = chunk.field_3 as ThriftStruct
      stored += metaData.field_7 as bigint
      unpacked += metaData.field_6 as bigint
      return moved
    })
    const { field_5, ...rest } = group
    return { ...rest, field_1: chunks, field_2: unpacked, field_6: stored }
  })
  const { field_7: orders, ...fileMetaData } = footer.fileMetaData
  const trailer = fileTrailer({
    ...fileMetaData,
    field_2: [{ ...footer.elements[0], field_5: columns.length }, ...elementsOf(columns)],
    field_4: rowGroups,
    ...(Array.isArray(orders) && { field_7: leaves.map((leaf) => orders[leaf] as ThriftStruct) }),
  })
  return { spans, trailer }
}

/** As they are, depth first. */
function elementsOf(nodes: readonly SchemaNode[]): ThriftStruct[] {
  return nodes.flatMap(({ element, children }) => [element, ...elementsOf(children ?? [])])
}
