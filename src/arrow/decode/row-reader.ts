import type { ArrayType, DataType, MapType, StructType } from '../../schema/data-type.js'
import { formatDate } from '../../schema/date-text.js'
import { formatDecimal } from '../../schema/number-text.js'
import { formatTimestamp } from '../../schema/timestamp-text.js'
import { type Column, childAt } from '../column.js'
import { unscaledReader } from '../int128.js'
import { MicrosecondDate } from '../microsecond-date.js'
import type { RowValue } from '../row.js'
import { validityTest } from '../validity.js'
import { decodeVariant } from '../variant/decode-variant.js'
import { valueReader } from './scalar-reader.js'

/** Reads one row of a column in the form that rows have. */
export type RowReader = (row: number) => RowValue

export function rowReader(column: Column, type: DataType): RowReader {
  if (type.type === 'void') return () => null
  const read = presentReader(column, type)
  if (column.nullCount === 0) return read
  const valid = validityTest(column)
  return (row) => (valid(row) ? read(row) : null)
}

function presentReader(column: Column, type: DataType): RowReader {
  switch (type.type) {
    case 'date': {
      const days = column.values as Int32Array
      return (row) => formatDate(days[row] as number)
    }
    case 'timestamp': {
      const micros = column.values as BigInt64Array
      return (row) => instant(micros[row] as bigint)
    }
    case 'timestamp_ntz': {
      const micros = column.values as BigInt64Array
      return (row) => formatTimestamp(micros[row] as bigint, { separator: 'T', digits: 6 })
    }
    case 'decimal': {
      const unscaled = unscaledReader(column)
      return (row) => formatDecimal(unscaled(row), type.scale)
    }
    case 'struct':
      return structReader(column, type)
    case 'array':
      return arrayReader(column, type)
    case 'map':
      return mapReader(column, type)
    case 'variant': {
      const metadata = valueReader(childAt(column, 0), { type: 'binary' }) as (row: number) => Uint8Array
      const value = valueReader(childAt(column, 1), { type: 'binary' }) as (row: number) => Uint8Array
      return (row) => decodeVariant(metadata(row), value(row))
    }
    default:
      return valueReader(column, type) ?? (() => null)
  }
}

function instant(micros: bigint): Date {
  return micros % 1000n === 0n ? new Date(Number(micros / 1000n)) : new MicrosecondDate(micros)
}

function structReader(column: Column, type: StructType): RowReader {
  const fields = type.fields.map(
    ({ name, dataType }, index) => [name, rowReader(childAt(column, index), dataType)] as const,
  )
  return (row) => Object.fromEntries(fields.map(([name, read]) => [name, read(row)]))
}

function arrayReader(column: Column, type: ArrayType): RowReader {
  const offsets = column.valueOffsets as Int32Array
  const read = rowReader(childAt(column, 0), type.elementType)
  return (row) => {
    const elements: RowValue[] = []
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) elements.push(read(i))
    return elements
  }
}

function mapReader(column: Column, type: MapType): RowReader {
  const offsets = column.valueOffsets as Int32Array
  const entries = childAt(column, 0)
  const key = rowReader(childAt(entries, 0), type.keyType)
  const value = rowReader(childAt(entries, 1), type.valueType)
  return (row) => {
    const map = new Map<RowValue, RowValue>()
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) map.set(key(i), value(i))
    return map
  }
}
