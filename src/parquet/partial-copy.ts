import type { ByteSource } from './byte-source.js'
import type { ChunkSpan } from './fetch-chunks.js'
import type { Footer } from './footer.js'
import { chunkAt, chunksOf, fileTrailer } from './mini-file.js'
import { leafIndexes, parseSchema, type SchemaNode, schemaElements } from './parquet-schema.js'
import type { ThriftStruct } from './thrift-type.js'

/** One column of one row group of a file, and where its bytes are. */
export interface PlacedChunk {
  readonly rowGroup: number
  /** Position among the columns of the row group. */
  readonly leaf: number
  readonly span: ChunkSpan
}

/**
 * A Parquet file of which only some bytes are there, at the places that they have in the original: readers that look at the columns
 * and row groups chosen see no difference.
 */
export interface PartialCopy {
  readonly chunks: readonly PlacedChunk[]
  /** A footer of the chosen row groups with every column, to stand at the very end, behind the place of the original's last byte. */
  readonly trailer: Uint8Array
}

/**
 * What to copy of a file for some columns of some row groups. The footer points to nothing outside column chunks: bloom filters and page
 * indexes are left out of it. `variantsOf` finds the columns that the footer is to mark as variants, at any depth: writers of early variants did not. CorruptData where the footer places a chunk outside the file.
 */
export function partialCopy(
  source: ByteSource,
  footer: Footer,
  columns: readonly SchemaNode[],
  rowGroups: readonly number[],
  variantsOf?: (columns: readonly SchemaNode[]) => ReadonlySet<SchemaNode>,
): PartialCopy {
  const leaves = leafIndexes(columns)
  const groups = rowGroups.map((index) => footer.rowGroups[index] as ThriftStruct)
  const chunks = groups.flatMap((group, i) => {
    // Some writers give no place to the columns of a row group without rows.
    if (Number(group.field_3) === 0) return []
    return leaves.map((leaf) => ({ rowGroup: rowGroups[i] as number, leaf, span: chunkAt(group, leaf, source).span }))
  })
  const { fileMetaData } = footer
  const all = parseSchema(footer.elements)
  const rows = groups.reduce((sum, group) => sum + BigInt(group.field_3 as bigint | number), 0n)
  const trailer = fileTrailer({
    ...fileMetaData,
    field_2: schemaElements(footer.elements[0] as ThriftStruct, all, variantsOf?.(all)),
    field_3: rows,
    field_4: groups.map((group) => ({ ...group, field_1: chunksOf(group).map(withoutIndexes) })),
  })
  return { chunks, trailer }
}

/** A column chunk without bloom filter and page indexes. */
export function withoutIndexes(chunk: ThriftStruct): ThriftStruct {
  const { field_4, field_5, field_6, field_7, ...plain } = chunk
  const { field_14, field_15, ...metaData } = chunk.field_3 as ThriftStruct
  return { ...plain, field_3: metaData }
}
