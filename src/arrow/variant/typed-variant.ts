import { DataType as Arrow, TimeUnit } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import type { Column } from '../column.js'
import { unscaledReader } from '../int128.js'
import { decodeUtf8 } from '../utf8.js'
import { hasBit } from '../validity.js'
import { integerBody, join, primitiveByte, primitiveBytes, sizedBytes, stringBytes } from './variant-bytes.js'
import { PRIMITIVE } from './variant-format.js'

/** Reads a column of a shredded variant that is no object and no array, row by row, as the bytes of a variant. */
export function typedReader(column: Column): (row: number) => Uint8Array {
  const { type } = column
  const numbers = column.values as ArrayLike<number | bigint>
  const integer = (primitive: number, width: number) => (row: number) =>
    primitiveBytes(primitive, integerBody(BigInt(numbers[row] as number), width))
  if (Arrow.isBool(type)) {
    const bits = column.values as Uint8Array
    return (row) => Uint8Array.of(primitiveByte(hasBit(bits, column.offset + row) ? PRIMITIVE.true : PRIMITIVE.false))
  }
  if (Arrow.isInt(type) && type.isSigned) {
    const [primitive, width] = INTEGERS[type.bitWidth] as [number, number]
    return integer(primitive, width)
  }
  if (Arrow.isFloat(type) && type.precision > 0) return floatReader(column, type.precision === 1)
  if (Arrow.isDecimal(type)) return decimalReader(column, type.precision, type.scale)
  if (Arrow.isDate(type)) return integer(PRIMITIVE.date, 4)
  if (Arrow.isTimestamp(type)) {
    const nanos = type.unit === TimeUnit.NANOSECOND
    const zoned = nanos ? PRIMITIVE.timestampNanos : PRIMITIVE.timestamp
    return integer(type.timezone ? zoned : nanos ? PRIMITIVE.timestampNtzNanos : PRIMITIVE.timestampNtz, 8)
  }
  if (Arrow.isTime(type)) return integer(PRIMITIVE.timeNtz, 8)
  if (Arrow.isUtf8(type)) {
    const offsets = column.valueOffsets as Int32Array
    return (row) =>
      stringBytes(decodeUtf8(column.values as Uint8Array, offsets[row] as number, offsets[row + 1] as number))
  }
  if (Arrow.isBinary(type)) {
    const offsets = column.valueOffsets as Int32Array
    return (row) => sizedBytes(PRIMITIVE.binary, (column.values as Uint8Array).subarray(offsets[row], offsets[row + 1]))
  }
  if (Arrow.isFixedSizeBinary(type) && type.byteWidth === 16) {
    return (row) => primitiveBytes(PRIMITIVE.uuid, (column.values as Uint8Array).subarray(row * 16, row * 16 + 16))
  }
  throw new DeltaError(
    'UnsupportedFeature',
    `A shredded variant has a column of type ${type}, which this version does not know.`,
  )
}

const INTEGERS: { readonly [bits: number]: readonly [primitive: number, width: number] } = {
  8: [PRIMITIVE.int8, 1],
  16: [PRIMITIVE.int16, 2],
  32: [PRIMITIVE.int32, 4],
  64: [PRIMITIVE.int64, 8],
}

function floatReader(column: Column, single: boolean): (row: number) => Uint8Array {
  const values = column.values as Float64Array
  return (row) => {
    const value = values[row] as number
    const body = single ? Float32Array.of(value) : Float64Array.of(value)
    return primitiveBytes(single ? PRIMITIVE.float : PRIMITIVE.double, new Uint8Array(body.buffer))
  }
}

function decimalReader(column: Column, precision: number, scale: number): (row: number) => Uint8Array {
  const read = unscaledReader(column)
  const [primitive, width] =
    precision <= 9 ? [PRIMITIVE.decimal4, 4] : precision <= 18 ? [PRIMITIVE.decimal8, 8] : [PRIMITIVE.decimal16, 16]
  return (row) => primitiveBytes(primitive, join([Uint8Array.of(scale), integerBody(read(row), width)]))
}
