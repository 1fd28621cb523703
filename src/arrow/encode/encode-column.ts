import { assertNever } from '../../errors/assert-never.js'
import type { DataType } from '../../schema/data-type.js'
import { arrowType } from '../arrow-schema.js'
import { type Column, makeColumn } from '../column.js'
import { schemaMismatch } from '../schema-mismatch.js'
import { allValid, clearBit } from '../validity.js'
import type { ColumnInput, ValuePlace } from './column-input.js'
import { encodeBinary, encodeString } from './encode-bytes.js'
import { encodeDecimal } from './encode-decimal.js'
import { encodeArray, encodeMap, encodeStruct } from './encode-nested.js'
import { encodeBoolean, encodeFloating, encodeInteger, encodeLong } from './encode-number.js'
import { encodeDate, encodeTimestamp } from './encode-temporal.js'
import { encodeVariant } from './encode-variant.js'

/**
 * Encodes one column of plain values.
 * @param absent tells the values whose parent struct is null: they may be null even in a column that is not nullable.
 */
export function encodeField(
  values: readonly unknown[],
  field: { readonly dataType: DataType; readonly nullable: boolean },
  place: ValuePlace,
  absent?: (index: number) => boolean,
): Column {
  const { length } = values
  let validity: Uint8Array | undefined
  let nullCount = 0
  for (let i = 0; i < length; i++) {
    if (values[i] !== null && values[i] !== undefined) continue
    if (!field.nullable && absent?.(i) !== true) {
      const got = values[i] === null ? 'null' : 'no value'
      throw schemaMismatch({
        path: place.path,
        expected: `a ${field.dataType.type} that is not null`,
        got,
        row: place.row(i),
      })
    }
    validity ??= allValid(length)
    clearBit(validity, i)
    nullCount++
  }
  return encodeValues(field.dataType, { values, validity, nullCount, place })
}

function encodeValues(type: DataType, input: ColumnInput): Column {
  switch (type.type) {
    case 'boolean':
      return encodeBoolean(input)
    case 'byte':
    case 'short':
    case 'integer':
      return encodeInteger(type.type, input)
    case 'long':
      return encodeLong(input)
    case 'float':
    case 'double':
      return encodeFloating(type.type, input)
    case 'decimal':
      return encodeDecimal(type, input)
    case 'string':
      return encodeString(input)
    case 'binary':
      return encodeBinary(input)
    case 'date':
      return encodeDate(input)
    case 'timestamp':
    case 'timestamp_ntz':
      return encodeTimestamp(type.type, input)
    case 'variant':
      return encodeVariant(input)
    case 'void':
      return encodeVoid(input)
    case 'struct':
      return encodeStruct(type, input, encodeField)
    case 'array':
      return encodeArray(type, input, encodeField)
    case 'map':
      return encodeMap(type, input, encodeField)
    default:
      return assertNever(type, 'type')
  }
}

function encodeVoid({ values, place }: ColumnInput): Column {
  const index = values.findIndex((value) => value !== null && value !== undefined)
  if (index >= 0) {
    throw schemaMismatch({
      path: place.path,
      expected: 'null (the column is void)',
      got: 'a value',
      row: place.row(index),
    })
  }
  return makeColumn(arrowType({ type: 'void' }), { length: values.length, nullCount: values.length })
}
