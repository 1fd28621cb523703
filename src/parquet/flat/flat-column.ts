import { type DataType as ArrowType, DataType } from 'apache-arrow'
import type { Assembly } from '../../runtime/node/assemble-file.js'
import { inARow } from '../assembly.js'
import type { ByteSource } from '../byte-source.js'
import { fixedWidth } from '../column-layout.js'
import type { ChunkSpan } from '../fetch-chunks.js'
import { chunkAt } from '../mini-file.js'
import { CODEC } from '../pages/page-format.js'
import type { ReadLeaf, ReadNode } from '../pages/read-node.js'
import { isReadable } from '../pages/read-pages.js'
import { PHYSICAL } from '../parquet-schema.js'
import type { ThriftStruct } from '../thrift-type.js'
import { FLAT_KIND, type FlatColumn } from './flat-decoder.js'

/** A column of a row group for the flat decoder, but for its place among the bytes that are decoded. */
export interface FlatChunk {
  readonly span: ChunkSpan
  readonly column: Omit<FlatColumn, 'at'>
}

/** Numbers that are handed over have 32 bits. */
const MOST = 0x7fffffff

/** Undefined for columns with lists or structs, and where the decoder does not know how the values are stored. */
export function flatChunk(
  rowGroup: ThriftStruct,
  node: ReadNode | undefined,
  source: ByteSource,
): FlatChunk | undefined {
  if (node?.kind !== 'leaf' || node.repetition > 0 || node.definition > 1) return undefined
  const kind = kindOf(node)
  if (kind === undefined) return undefined
  const { chunk, span } = chunkAt(rowGroup, node.index, source)
  const metaData = chunk.field_3 as ThriftStruct
  const [rows, unpacked] = [Number(rowGroup.field_3), Number(metaData.field_6)]
  if (!isReadable(metaData) || Number(metaData.field_5) !== rows || Math.max(rows, unpacked) > MOST) return undefined
  const isDecimal = kind === FLAT_KIND.decimalOfInt32 || kind === FLAT_KIND.decimalOfInt64
  return {
    span,
    column: {
      size: span.end - span.start,
      isPacked: metaData.field_4 === CODEC.snappy,
      unpacked,
      kind,
      width: node.width,
      outWidth: isDecimal || kind === FLAT_KIND.decimalOfBytes ? 16 : (fixedWidth(node.field.type as ArrowType) ?? 0),
      isNullable: node.definition === 1,
    },
  }
}

function kindOf({ field, physicalType, width }: ReadLeaf): number | undefined {
  const type = field.type as ArrowType
  if (DataType.isBool(type)) return FLAT_KIND.boolean
  if (DataType.isUtf8(type)) return FLAT_KIND.text
  if (DataType.isBinary(type)) return FLAT_KIND.binary
  if (DataType.isDecimal(type)) {
    if (physicalType === PHYSICAL.int32) return FLAT_KIND.decimalOfInt32
    if (physicalType === PHYSICAL.int64) return FLAT_KIND.decimalOfInt64
    return physicalType === PHYSICAL.fixedLenByteArray ? FLAT_KIND.decimalOfBytes : undefined
  }
  const outWidth = fixedWidth(type)
  if (outWidth === width) return FLAT_KIND.same
  if (physicalType !== PHYSICAL.int32 || !DataType.isInt(type)) return undefined
  return outWidth === 1 ? FLAT_KIND.int8 : outWidth === 2 ? FLAT_KIND.int16 : undefined
}

/** The chunks one behind the other, and the columns of what is decoded. */
export function placedChunks(chunks: readonly FlatChunk[]): {
  readonly assembly: Assembly
  readonly columns: readonly FlatColumn[]
} {
  const { ranges, end } = inARow(chunks.map(({ span }) => span))
  const columns = chunks.map(({ column }, i) => ({ ...column, at: ranges[i]?.at ?? 0 }))
  return { assembly: { size: end, ranges, pieces: [] }, columns }
}
