import type { Assembly } from '../runtime/node/assemble-file.js'
import { inARow } from './assembly.js'
import type { ByteSource } from './byte-source.js'
import type { ChunkSpan } from './fetch-chunks.js'
import { corrupt, type Footer } from './footer.js'
import { FILE_META_DATA } from './footer-fields.js'
import { leafIndexes, type SchemaNode, schemaElements } from './parquet-schema.js'
import type { ThriftStruct } from './thrift-type.js'
import { writeThrift } from './thrift-writer.js'

export const MAGIC: Uint8Array = Uint8Array.of(0x50, 0x41, 0x52, 0x31)

/**
 * A Parquet file of some columns of one row group: their bytes as they are, between the magic word and a new footer. It is what goes to the decoder, so that only the columns wanted are fetched, held and parsed,
 * and so that the footer says how to read them.
 * @param keyValues for the footer, e.g. `ARROW:schema`.
 */
export function miniFile(
  source: ByteSource,
  footer: Footer,
  rowGroup: ThriftStruct,
  columns: readonly SchemaNode[],
  keyValues: readonly ThriftStruct[],
): Assembly {
  const chunks = leafIndexes(columns).map((leaf) => chunkAt(rowGroup, leaf, source))
  const { ranges, end } = inARow(
    chunks.map(({ span }) => span),
    MAGIC.byteLength,
  )
  const rebased = chunks.map(({ chunk, span }, i) => rebaseChunk(chunk, (ranges[i]?.at ?? 0) - span.start))
  const group = { field_1: rebased, field_2: rowGroup.field_2, field_3: rowGroup.field_3 } as ThriftStruct
  const trailer = trailerBytes(footer, columns, [group], keyValues)
  const pieces = [
    { bytes: MAGIC, at: 0 },
    { bytes: trailer, at: end },
  ]
  return { size: end + trailer.byteLength, ranges, pieces }
}

/** A Parquet file of some columns without rows: what their Arrow schema is read from. */
export function emptyMiniFile(footer: Footer, columns: readonly SchemaNode[]): Uint8Array {
  const trailer = trailerBytes(footer, columns, [], [])
  const file = new Uint8Array(MAGIC.byteLength + trailer.byteLength)
  file.set(MAGIC)
  file.set(trailer, MAGIC.byteLength)
  return file
}

/** Bytes of some columns of a row group: as stored, and as they unpack. */
export function chunkSizes(
  rowGroup: ThriftStruct,
  columns: readonly SchemaNode[],
): { readonly stored: number; readonly unpacked: number } {
  let [stored, unpacked] = [0, 0]
  for (const leaf of leafIndexes(columns)) {
    const metaData = chunksOf(rowGroup)[leaf]?.field_3 as ThriftStruct | undefined
    stored += Number(metaData?.field_7 ?? 0)
    unpacked += Number(metaData?.field_6 ?? 0)
  }
  return { stored, unpacked }
}

export function chunksOf(rowGroup: ThriftStruct): readonly ThriftStruct[] {
  return (rowGroup.field_1 ?? []) as readonly ThriftStruct[]
}

/** The footer of a file, its length and the magic word. */
export function fileTrailer(fileMetaData: ThriftStruct): Uint8Array {
  const metaData = writeThrift(fileMetaData, FILE_META_DATA)
  const trailer = new Uint8Array(metaData.byteLength + 4 + MAGIC.byteLength)
  trailer.set(metaData)
  new DataView(trailer.buffer).setUint32(metaData.byteLength, metaData.byteLength, true)
  trailer.set(MAGIC, metaData.byteLength + 4)
  return trailer
}

function trailerBytes(
  footer: Footer,
  columns: readonly SchemaNode[],
  rowGroups: readonly ThriftStruct[],
  keyValues: readonly ThriftStruct[],
): Uint8Array {
  const rows = rowGroups.reduce((sum, group) => sum + BigInt(group.field_3 as bigint), 0n)
  return fileTrailer({
    field_1: footer.fileMetaData.field_1 ?? 1,
    field_2: schemaElements(footer.elements[0] as ThriftStruct, columns),
    field_3: rows,
    field_4: rowGroups,
    ...(keyValues.length === 0 ? {} : { field_5: keyValues }),
    field_6: footer.fileMetaData.field_6,
  })
}

/** A column chunk and where its bytes are, dictionary page included. */
export function chunkAt(
  rowGroup: ThriftStruct,
  leaf: number,
  source: ByteSource,
): { readonly chunk: ThriftStruct; readonly span: ChunkSpan } {
  const chunk = chunksOf(rowGroup)[leaf]
  const metaData = chunk?.field_3 as ThriftStruct | undefined
  if (chunk === undefined || metaData === undefined || chunk.field_1 !== undefined) {
    throw corrupt(source.name, `its footer does not say where column ${leaf} is`)
  }
  const dataPage = Number(metaData.field_9)
  const dictionary = Number(metaData.field_11 ?? 0)
  const start = dictionary > 0 && dictionary < dataPage ? dictionary : dataPage
  const end = start + Number(metaData.field_7)
  if (!(start >= MAGIC.byteLength && end >= start && end <= source.size)) {
    throw corrupt(source.name, `its footer says that a column lies from byte ${start} to ${end} of ${source.size}`)
  }
  return { chunk, span: { start, end } }
}

/** A column chunk moved by some bytes, without statistics and indexes: nothing of the decoder reads them. */
function rebaseChunk(chunk: ThriftStruct, by: number): ThriftStruct {
  const metaData = chunk.field_3 as ThriftStruct
  const move = (offset: unknown): bigint => BigInt(Number(offset) + by)
  const dictionary = Number(metaData.field_11 ?? 0) > 0 ? { field_11: move(metaData.field_11) } : {}
  const { field_8, field_10, field_11, field_12, field_13, field_16, ...kept } = metaData
  return { field_2: 0n, field_3: { ...kept, field_9: move(metaData.field_9), ...dictionary } }
}
