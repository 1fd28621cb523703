import type { DataType } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'
import { arrowType } from './arrow-schema.js'
import { byteOffsets } from './byte-offsets.js'
import { type Column, makeColumn } from './column.js'
import { writeInt128 } from './int128.js'
import { nullColumn } from './null-column.js'
import { allValid } from './validity.js'

const encoder = new TextEncoder()

/** A column that has the same value, of a primitive type, in every row. */
export function constantColumn(type: DataType, value: Scalar | null, length: number): Column {
  const arrow = arrowType(type)
  if (value === null) return nullColumn(arrow, length)
  switch (type.type) {
    case 'boolean':
      return makeColumn(arrow, {
        length,
        values: value === true ? allValid(length) : new Uint8Array(allValid(length).length),
      })
    case 'decimal': {
      const words = new BigUint64Array(length * 2)
      for (let i = 0; i < length; i++) writeInt128(words, i, value as bigint)
      return makeColumn(arrow, { length, values: new Uint32Array(words.buffer) })
    }
    case 'string':
      return repeatedBytes(type, encoder.encode(value as string), length)
    case 'binary':
      return repeatedBytes(type, value as Uint8Array, length)
    default: {
      const ArrayType = arrow.ArrayType as unknown as new (length: number) => { fill(value: Scalar): ArrayBufferView }
      return makeColumn(arrow, { length, values: new ArrayType(length).fill(value) })
    }
  }
}

function repeatedBytes(type: DataType, bytes: Uint8Array, length: number): Column {
  const offsets = byteOffsets(length, () => bytes.byteLength)
  const values = new Uint8Array(offsets[length] as number)
  for (let i = 0; i < length; i++) values.set(bytes, offsets[i] as number)
  return makeColumn(arrowType(type), { length, offsets, values })
}
