import type { ThriftStruct } from './thrift-type.js'

/** `ColumnOrder` of parquet.thrift: bounds are to be compared as their type says. */
export const TYPE_DEFINED_ORDER: ThriftStruct = { field_1: {} }

/** `RowGroup` of parquet.thrift. @param chunks ColumnMetaData of each @param offset of its first byte in the file */
export function rowGroupStruct(
  chunks: readonly ThriftStruct[],
  { numRows, offset, ordinal }: { readonly numRows: number; readonly offset: number; readonly ordinal: number },
): ThriftStruct {
  const sum = (field: 'field_6' | 'field_7'): bigint =>
    chunks.reduce((total, chunk) => total + BigInt(chunk[field] as bigint), 0n)
  return {
    field_1: chunks.map((metaData) => ({ field_2: 0n, field_3: metaData })),
    field_2: sum('field_6'),
    field_3: BigInt(numRows),
    field_5: BigInt(offset),
    field_6: sum('field_7'),
    field_7: ordinal,
  }
}
