import type { Footer } from './footer.js'
import { chunksOf } from './mini-file.js'
import type { ColumnChunkStatistics, RowGroup } from './parquet-file.js'
import type { ParquetLeaf } from './parquet-leaf.js'
import type { ThriftStruct, ThriftValue } from './thrift-type.js'

/** The row groups of a footer. Throws an `Error` where a number is out of place. */
export function readRowGroups(footer: Footer, leaves: readonly ParquetLeaf[]): RowGroup[] {
  let firstRow = 0
  return footer.rowGroups.map((group) => {
    const numRows = Number(group.field_3)
    const chunks = chunksOf(group)
    if (!Number.isSafeInteger(numRows) || numRows < 0) throw new Error(`a row group has ${numRows} rows`)
    if (chunks.length !== leaves.length) throw new Error(`a row group has ${chunks.length} of ${leaves.length} columns`)
    const rowGroup = {
      numRows,
      firstRow,
      columns: chunks.map((chunk, i) => chunkStatistics(chunk, leaves[i] as ParquetLeaf)),
    }
    firstRow += numRows
    return rowGroup
  })
}

function chunkStatistics(chunk: ThriftStruct, leaf: ParquetLeaf): ColumnChunkStatistics {
  const metaData = (chunk.field_3 ?? {}) as ThriftStruct
  const statistics = (metaData.field_12 ?? {}) as ThriftStruct
  const { min, max } = bounds(statistics, leaf)
  return {
    leaf,
    numValues: Number(metaData.field_5 ?? 0),
    compressedSize: Number(metaData.field_7 ?? 0),
    ...(statistics.field_3 === undefined ? {} : { nullCount: Number(statistics.field_3) }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }
}

/**
 * `min_value` and `max_value`; the older `min` and `max` only where signed comparison, which their writers used, is the order of the type.
 */
function bounds(
  statistics: ThriftStruct,
  leaf: ParquetLeaf,
): { min: Uint8Array | undefined; max: Uint8Array | undefined } {
  const [min, max] = [bytesOf(statistics.field_6), bytesOf(statistics.field_5)]
  if (min !== undefined || max !== undefined) return { min, max }
  const { kind } = leaf.meaning
  const signed =
    kind === 'integer'
      ? leaf.meaning.signed
      : kind !== 'string' && kind !== 'binary' && kind !== 'decimal' && kind !== 'other'
  return signed
    ? { min: bytesOf(statistics.field_2), max: bytesOf(statistics.field_1) }
    : { min: undefined, max: undefined }
}

/** In a damaged footer it may be anything. */
function bytesOf(value: ThriftValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}
