import type { RecordBatch, Schema } from 'apache-arrow'
import { batchOf } from '../../../arrow/relabel-batch.js'
import type { ReadLeaf, ReadNode } from '../../pages/read-node.js'
import { isReadable } from '../../pages/read-pages.js'
import type { ThriftStruct } from '../../thrift-type.js'
import { assembleColumn } from './assemble.js'
import { type LeafSlots, readChunk } from './read-chunk.js'

/** A column chunk of a row group. */
export interface StoredChunk {
  /** ColumnMetaData of parquet.thrift. */
  readonly metaData: ThriftStruct
  readonly bytes: Uint8Array
}

/** More slots, or values of so many bytes once unpacked, are not few. */
const MAX_SLOTS = 1 << 14
const MAX_BYTES = 1 << 20

/** Whether columns of a row group are so small, and stored in such a way, that {@link readSmallRowGroup} is the way to read them. */
export function isSmall(chunks: readonly ThriftStruct[]): boolean {
  const unpacked = chunks.reduce((sum, { field_6 }) => sum + Number(field_6), 0)
  return unpacked <= MAX_BYTES && chunks.every((chunk) => Number(chunk.field_5) <= MAX_SLOTS && isReadable(chunk))
}

/**
 * Columns of a small row group as parquet-wasm reads them. A program that only ever reads few rows at a time, checkpoints of small tables among them, needs no WebAssembly, which takes a tenth of
 * a second to load.
 *
 * @param schema of the columns
 * @param chunkOf the chunk of each leaf below the columns
 * @throws Error where what is stored is damaged
 */
export function readSmallRowGroup(
  schema: Schema,
  columns: readonly ReadNode[],
  numRows: number,
  chunkOf: (leaf: ReadLeaf) => StoredChunk,
): RecordBatch {
  const read = new Map<ReadLeaf, LeafSlots>()
  const slotsOf = (leaf: ReadLeaf): LeafSlots => {
    let slots = read.get(leaf)
    if (slots === undefined) {
      const { metaData, bytes } = chunkOf(leaf)
      slots = readChunk(leaf, metaData, bytes)
      read.set(leaf, slots)
    }
    return slots
  }
  const assembled = columns.map((column) => assembleColumn(column, slotsOf))
  for (const { length } of assembled)
    if (length !== numRows) throw new Error(`a column has ${length} of ${numRows} rows`)
  return batchOf(schema, assembled, numRows)
}
