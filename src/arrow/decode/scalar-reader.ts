import type { DataType } from '../../schema/data-type.js'
import type { Scalar } from '../../schema/scalar.js'
import type { Column } from '../column.js'
import { unscaledReader } from '../int128.js'
import { decodeUtf8 } from '../utf8.js'
import { hasBit, validityTest } from '../validity.js'

/** Reads one row of a column. */
export type ScalarReader = (row: number) => Scalar | null

/**
 * Reads a column of a primitive type, in the Arrow form that `arrowSchema` says, as the values that the library computes with. Arrays, maps,
 * structs and variants have none: every row reads as null.
 */
export function scalarReader(column: Column, type: DataType): ScalarReader {
  const read = valueReader(column, type)
  if (read === undefined) return () => null
  if (column.nullCount === 0) return read
  const valid = validityTest(column)
  return (row) => (valid(row) ? read(row) : null)
}

/** Reads rows that are not null; undefined for types without scalars. */
export function valueReader(column: Column, type: DataType): ((row: number) => Scalar) | undefined {
  switch (type.type) {
    case 'boolean': {
      const { offset } = column
      const bits = column.values as Uint8Array
      return (row) => hasBit(bits, offset + row)
    }
    case 'byte':
    case 'short':
    case 'integer':
    case 'float':
    case 'double':
    case 'date': {
      const values = column.values as Int32Array
      return (row) => values[row] as number
    }
    case 'long':
    case 'timestamp':
    case 'timestamp_ntz': {
      const values = column.values as BigInt64Array
      return (row) => values[row] as bigint
    }
    case 'decimal':
      return unscaledReader(column)
    case 'string': {
      const bytes = column.values as Uint8Array
      const offsets = column.valueOffsets as Int32Array
      return (row) => decodeUtf8(bytes, offsets[row] as number, offsets[row + 1] as number)
    }
    case 'binary': {
      const bytes = column.values as Uint8Array
      const offsets = column.valueOffsets as Int32Array
      return (row) => bytes.slice(offsets[row] as number, offsets[row + 1] as number)
    }
    default:
      return undefined
  }
}
