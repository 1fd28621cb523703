import fc from 'fast-check'
import { MicrosecondDate } from '../../src/arrow/microsecond-date.js'
import type { Row, RowValue } from '../../src/arrow/row.js'
import type { DataType, StructField, StructType } from '../../src/schema/data-type.js'
import { formatDate } from '../../src/schema/date-text.js'
import { formatDecimal } from '../../src/schema/number-text.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { formatTimestamp } from '../../src/schema/timestamp-text.js'
import { scalarOf } from './arbitrary-scalar.js'
import { schemas } from './arbitrary-type.js'

/** A schema without void columns, and rows of it in the form in which the library gives them back. */
export const schemaAndRows: fc.Arbitrary<{ schema: StructType; rows: Row[] }> = schemas
  .map((schema) => withoutVoid(schema) as StructType)
  .chain((schema) => fc.record({ schema: fc.constant(schema), rows: fc.array(structOf(schema), { maxLength: 12 }) }))

/** Rows as text, so that instants, maps and signs of zero count. */
export function rowsText(rows: readonly Row[]): string[] {
  return rows.map((row) => text(row))
}

function withoutVoid(type: DataType): DataType {
  switch (type.type) {
    case 'void':
      return { type: 'string' }
    case 'array':
      return { ...type, elementType: withoutVoid(type.elementType) }
    case 'map':
      return { ...type, keyType: withoutVoid(type.keyType), valueType: withoutVoid(type.valueType) }
    case 'struct':
      return { ...type, fields: type.fields.map((field) => ({ ...field, dataType: withoutVoid(field.dataType) })) }
    default:
      return type
  }
}

function structOf(struct: StructType): fc.Arbitrary<Row> {
  return fc.tuple(...struct.fields.map(fieldOf)).map((values) => {
    const entries = struct.fields.map(({ name }, i) => [name, values[i] as RowValue] as const)
    return Object.fromEntries(entries)
  })
}

function fieldOf({ dataType, nullable }: StructField): fc.Arbitrary<RowValue> {
  return orNull(valuesOf(dataType), nullable)
}

function orNull(value: fc.Arbitrary<RowValue>, nullable: boolean): fc.Arbitrary<RowValue> {
  return nullable ? fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }) : value
}

function valuesOf(type: DataType): fc.Arbitrary<RowValue> {
  switch (type.type) {
    case 'struct':
      return structOf(type)
    case 'array':
      return fc.array(orNull(valuesOf(type.elementType), type.containsNull), { maxLength: 4 })
    case 'map':
      return fc
        .uniqueArray(fc.tuple(valuesOf(type.keyType), orNull(valuesOf(type.valueType), type.valueContainsNull)), {
          maxLength: 4,
          // Structs and bytes are other objects each time, and equal keys all the same.
          selector: ([key]) => text(key),
        })
        .map((entries) => new Map(entries))
    case 'variant':
      return fc
        .oneof(
          fc.constantFrom<RowValue>(true, 'text', 2 ** 40, 1.5, -1),
          fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<RowValue>,
        )
        .filter((json) => json !== null)
        .map((json) => JSON.parse(JSON.stringify(json)) as RowValue)
    default:
      return scalarOf(type).map((scalar) => rowValue(scalar, type))
  }
}

function rowValue(scalar: Scalar, type: DataType): RowValue {
  switch (type.type) {
    case 'decimal':
      return formatDecimal(scalar as bigint, type.scale)
    case 'date':
      return formatDate(scalar as number)
    case 'timestamp':
      return new MicrosecondDate(scalar as bigint)
    case 'timestamp_ntz':
      return formatTimestamp(scalar as bigint, { separator: 'T', digits: 6 })
    case 'float':
      return Math.fround(scalar as number)
    case 'string':
      return (scalar as string).replace(/\p{Cs}/gu, '?')
    default:
      return scalar
  }
}

function text(value: RowValue): string {
  if (value instanceof Date) {
    const micros = value instanceof MicrosecondDate ? value.microseconds : 0
    return `${value.getTime()}+${micros}`
  }
  if (value instanceof Uint8Array) return `x'${Array.from(value).join(' ')}'`
  if (value instanceof Map) return `Map(${[...value].map(([key, each]) => `${text(key)} => ${text(each)}`).join(', ')})`
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).sort()
    const record = value as { readonly [name: string]: RowValue }
    return `{${names.map((name) => `${JSON.stringify(name)}: ${text(record[name] as RowValue)}`).join(', ')}}`
  }
  if (Object.is(value, -0)) return '-0'
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${value}`
}
