import type { RecordBatch, Schema } from 'apache-arrow'
import type { Column } from '../../../arrow/column.js'
import { joinBytes } from '../../../runtime/join-bytes.js'
import { PAGE_HEADER } from '../../footer-fields.js'
import { fileTrailer, MAGIC } from '../../mini-file.js'
import { encodeLevels } from '../../pages/encode-hybrid.js'
import { packSnappy } from '../../pages/pack-snappy.js'
import { CODEC, ENCODING, PAGE } from '../../pages/page-format.js'
import { rowGroupStruct, TYPE_DEFINED_ORDER } from '../../row-group-struct.js'
import type { ThriftStruct } from '../../thrift-type.js'
import { writeThrift } from '../../thrift-writer.js'
import { leafBounds } from './leaf-bounds.js'
import { plainValues } from './plain-values.js'
import { type LeafPart, leafSlots } from './slots.js'
import { type SmallLeaf, type SmallSchema, smallSchema } from './small-schema.js'

export interface SmallFileSettings {
  readonly compression: 'snappy' | 'uncompressed'
  readonly createdBy: string
}

/**
 * A Parquet file of few rows, one row group and one page a column, as parquet-wasm would write it but for dictionaries and the Arrow schema. Done here it takes a fraction of the time, and a
 * program that only ever writes few rows at a time needs no WebAssembly.
 *
 * @param schema names, nullability and field ids; the batches have its types in its order
 * @returns undefined where the schema has types that tables do not store
 * @throws Error where a column that may not be null has a null
 */
export function encodeSmallFile(
  schema: Schema,
  batches: readonly RecordBatch[],
  { compression, createdBy }: SmallFileSettings,
): Uint8Array<ArrayBuffer> | undefined {
  const plan = smallSchema(schema)
  if (plan === undefined) return undefined
  const numRows = batches.reduce((sum, batch) => sum + batch.numRows, 0)
  const pieces: Uint8Array[] = [MAGIC]
  const chunks: ThriftStruct[] = []
  let end = MAGIC.byteLength
  if (numRows > 0) {
    for (const [i, parts] of partsOfLeaves(plan, batches).entries()) {
      const { chunk, header, page } = encodeChunk(plan.leaves[i] as SmallLeaf, parts, end, compression === 'snappy')
      chunks.push(chunk)
      pieces.push(header, page)
      end += header.byteLength + page.byteLength
    }
  }
  pieces.push(
    fileTrailer({
      field_1: 1,
      field_2: plan.elements,
      field_3: BigInt(numRows),
      field_4: numRows === 0 ? [] : [rowGroupStruct(chunks, { numRows, offset: MAGIC.byteLength, ordinal: 0 })],
      field_6: encoder.encode(createdBy),
      field_7: plan.leaves.map(() => TYPE_DEFINED_ORDER),
    }),
  )
  return joinBytes(pieces)
}

/** What each leaf has in all batches. */
function partsOfLeaves({ columns, leaves }: SmallSchema, batches: readonly RecordBatch[]): LeafPart[][] {
  const all: LeafPart[][] = leaves.map(() => [])
  for (const { data } of batches) {
    for (const [i, node] of columns.entries()) {
      for (const part of leafSlots(node, data.children[i] as Column)) all[part.leaf]?.push(part)
    }
  }
  return all
}

function encodeChunk(
  leaf: SmallLeaf,
  parts: readonly LeafPart[],
  offset: number,
  mayCompress: boolean,
): { readonly chunk: ThriftStruct; readonly header: Uint8Array; readonly page: Uint8Array } {
  const numValues = parts.reduce((sum, { slots }) => sum + slots.length, 0)
  const present = parts.reduce((sum, { slots }) => sum + slots.present, 0)
  const plain = joinBytes([
    encodeLevels(repetitionLevels(parts, numValues), leaf.maxRepetition),
    encodeLevels(definitionLevels(parts, numValues), leaf.maxDefinition),
    plainValues(leaf, parts),
  ])
  const packed = mayCompress && plain.byteLength >= WORTH_COMPRESSION ? packSnappy(plain) : plain
  const isPacked = packed.byteLength < plain.byteLength
  const page = isPacked ? packed : plain
  const header = writeThrift(
    {
      field_1: PAGE.data,
      field_2: plain.byteLength,
      field_3: page.byteLength,
      field_5: { field_1: numValues, field_2: ENCODING.plain, field_3: ENCODING.rle, field_4: ENCODING.rle },
    },
    PAGE_HEADER,
  )
  const { min, max, exactMin, exactMax } = leafBounds(leaf, parts)
  const metaData: ThriftStruct = {
    field_1: leaf.physicalType,
    field_2: [ENCODING.plain, ENCODING.rle],
    field_3: leaf.path,
    field_4: isPacked ? CODEC.snappy : CODEC.uncompressed,
    field_5: BigInt(numValues),
    field_6: BigInt(header.byteLength + plain.byteLength),
    field_7: BigInt(header.byteLength + page.byteLength),
    field_9: BigInt(offset),
    field_12: {
      field_3: BigInt(numValues - present),
      field_5: max,
      field_6: min,
      field_7: exactMax,
      field_8: exactMin,
    },
  }
  return { chunk: metaData, header, page }
}

function repetitionLevels(parts: readonly LeafPart[], total: number): Uint8Array {
  const levels = new Uint8Array(total)
  let at = 0
  for (const { slots } of parts) {
    if (slots.repetition !== undefined) levels.set(slots.repetition, at)
    at += slots.length
  }
  return levels
}

function definitionLevels(parts: readonly LeafPart[], total: number): Uint8Array {
  const levels = new Uint8Array(total)
  let at = 0
  for (const { slots } of parts) {
    if (typeof slots.definition === 'number') levels.fill(slots.definition, at, at + slots.length)
    else levels.set(slots.definition, at)
    at += slots.length
  }
  return levels
}

const encoder = new TextEncoder()

/** Smaller pages hardly get smaller. */
const WORTH_COMPRESSION = 64
