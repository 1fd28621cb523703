import type { DecimalType } from '../../schema/data-type.js'
import { parseDecimal } from '../../schema/number-text.js'
import { arrowType } from '../arrow-schema.js'
import { type Column, makeColumn } from '../column.js'
import { writeInt128 } from '../int128.js'
import { type ColumnInput, misfit } from './column-input.js'

/** Decimals come as text, as numbers (the digits that JavaScript prints for them) or as bigints (whole numbers). */
export function encodeDecimal(type: DecimalType, input: ColumnInput): Column {
  const { values, validity, nullCount, place } = input
  const words = new BigUint64Array(values.length * 2)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const text = typeof value === 'string' ? value : isNumeric(value) ? String(value) : undefined
    const unscaled = text === undefined ? undefined : parseDecimal(text, type.precision, type.scale)
    if (unscaled === undefined) {
      const digits = `${type.precision} digits, ${type.scale} of them after the point`
      throw misfit(place, `a decimal(${type.precision},${type.scale}) (text or number of at most ${digits})`, value, i)
    }
    writeInt128(words, i, unscaled)
  }
  return makeColumn(arrowType(type), {
    length: values.length,
    validity,
    nullCount,
    values: new Uint32Array(words.buffer),
  })
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
}
