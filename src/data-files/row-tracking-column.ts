import type { RecordBatch } from 'apache-arrow'
import { arrowType } from '../arrow/arrow-schema.js'
import { type Column, makeColumn } from '../arrow/column.js'
import { scalarReader } from '../arrow/decode/scalar-reader.js'
import { bitmapBytes, setBit } from '../arrow/validity.js'
import type { AddFile, Metadata } from '../protocol/actions/action.js'
import { ROW_COMMIT_VERSION_COLUMN_NAME, ROW_ID_COLUMN_NAME } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { StructType } from '../schema/data-type.js'

const LONG = { type: 'long' } as const

/** Names of the hidden columns that hold the row ids and commit versions of rows that moved between files. */
export interface RowTrackingNames {
  readonly rowId: string | undefined
  readonly commitVersion: string | undefined
}

export function rowTrackingNames(metadata: Metadata): RowTrackingNames {
  return {
    rowId: tableProperty(metadata, ROW_ID_COLUMN_NAME),
    commitVersion: tableProperty(metadata, ROW_COMMIT_VERSION_COLUMN_NAME),
  }
}

/**
 * The column `_metadata` for rows of a data file: ids and commit versions are those that moved with the row, else the file's first id plus the position of the row, and
 * the version that added the file (PROTOCOL.md, "Row IDs" and "Row Commit Versions").
 * @param batch as read, hidden columns among its columns where the file has them
 * @param firstRow position in the file of the batch's first row
 */
export function rowTrackingColumn(
  type: StructType,
  batch: RecordBatch,
  add: Pick<AddFile, 'baseRowId' | 'defaultRowCommitVersion'>,
  firstRow: number,
  names: RowTrackingNames,
): Column {
  const { baseRowId, defaultRowCommitVersion } = add
  const rowId = (row: number): bigint | null =>
    baseRowId === undefined ? null : BigInt(baseRowId) + BigInt(firstRow + row)
  const version = defaultRowCommitVersion === undefined ? null : BigInt(defaultRowCommitVersion)
  const children = [
    longColumn(hiddenColumn(batch, names.rowId), batch.numRows, rowId),
    longColumn(hiddenColumn(batch, names.commitVersion), batch.numRows, () => version),
  ]
  return makeColumn(arrowType(type), { length: batch.numRows, children })
}

function hiddenColumn(batch: RecordBatch, name: string | undefined): Column | undefined {
  const index = batch.schema.fields.findIndex((field) => field.name === name)
  return index < 0 ? undefined : (batch.data.children[index] as Column)
}

function longColumn(stored: Column | undefined, length: number, otherwise: (row: number) => bigint | null): Column {
  const read = stored === undefined ? () => null : scalarReader(stored, LONG)
  const values = new BigInt64Array(length)
  const validity = new Uint8Array(bitmapBytes(length))
  let nullCount = 0
  for (let row = 0; row < length; row++) {
    const value = read(row) ?? otherwise(row)
    if (value === null) nullCount++
    else {
      values[row] = value as bigint
      setBit(validity, row)
    }
  }
  return makeColumn(arrowType(LONG), { length, validity, nullCount, values })
}
