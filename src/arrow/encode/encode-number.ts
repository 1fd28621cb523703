import { arrowType } from '../arrow-schema.js'
import { type Column, makeColumn } from '../column.js'
import { bitmapBytes, setBit } from '../validity.js'
import { type ColumnInput, misfit } from './column-input.js'

const INTEGERS = {
  byte: { array: Int8Array, limit: 2 ** 7 },
  short: { array: Int16Array, limit: 2 ** 15 },
  integer: { array: Int32Array, limit: 2 ** 31 },
} as const
const LONG_LIMIT = 2n ** 63n

export function encodeBoolean(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const bits = new Uint8Array(bitmapBytes(values.length))
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === true) setBit(bits, i)
    else if (value !== false && value !== null && value !== undefined) throw misfit(place, 'a boolean', value, i)
  }
  return makeColumn(arrowType({ type: 'boolean' }), { length: values.length, validity, nullCount, values: bits })
}

export function encodeInteger(type: 'byte' | 'short' | 'integer', input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const { array, limit } = INTEGERS[type]
  const target = new array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const number = typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number) || number < -limit || number >= limit) {
      throw misfit(
        place,
        `${type === 'integer' ? 'an' : 'a'} ${type} (an integer from ${-limit} to ${limit - 1})`,
        value,
        i,
      )
    }
    target[i] = number
  }
  return makeColumn(arrowType({ type }), { length: values.length, validity, nullCount, values: target })
}

export function encodeLong(input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const target = new BigInt64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    if (typeof value === 'number' && Number.isSafeInteger(value)) target[i] = BigInt(value)
    else if (typeof value === 'bigint' && value >= -LONG_LIMIT && value < LONG_LIMIT) target[i] = value
    else throw misfit(place, 'a long (a 64-bit bigint, or a safe integer)', value, i)
  }
  return makeColumn(arrowType({ type: 'long' }), { length: values.length, validity, nullCount, values: target })
}

export function encodeFloating(type: 'float' | 'double', input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const target = type === 'float' ? new Float32Array(values.length) : new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    if (typeof value !== 'number') throw misfit(place, `a ${type} (a number)`, value, i)
    target[i] = value
    if (type === 'float' && Number.isFinite(value) && !Number.isFinite(target[i])) {
      throw misfit(place, 'a float (a number up to 3.4e38)', value, i)
    }
  }
  return makeColumn(arrowType({ type }), { length: values.length, validity, nullCount, values: target })
}
