import { MicrosecondDate } from '../../src/arrow/microsecond-date.js'
import type { PlainRows, PlainValue } from '../conformance/plain-value.js'
import type { StructJson, TypeJson } from '../conformance/schema-json.js'

/** Rows as callers write them, as the comparison of rows takes them. */
export function plainRows(rows: readonly { readonly [column: string]: unknown }[], schema: StructJson): PlainRows {
  return {
    columns: schema.fields.map((field) => field.name),
    rows: rows.map((row) => schema.fields.map((field) => plainValue(row[field.name], field.type))),
  }
}

function plainValue(value: unknown, type: TypeJson): PlainValue {
  if (value === null || value === undefined) return null
  if (typeof type === 'string') return plainScalar(value, type)
  switch (type.type) {
    case 'array':
      return (value as readonly unknown[]).map((element) => plainValue(element, type.elementType))
    case 'map':
      return {
        entries: [...(value as ReadonlyMap<unknown, unknown>)].map(
          ([key, item]) => [plainValue(key, type.keyType), plainValue(item, type.valueType)] as const,
        ),
      }
    case 'struct': {
      const fields = value as { readonly [field: string]: unknown }
      return { fields: new Map(type.fields.map(({ name, type: of }) => [name, plainValue(fields[name], of)])) }
    }
    case 'udt':
      return plainValue(value, type.sqlType)
  }
}

function plainScalar(value: unknown, type: string): PlainValue {
  if (type === 'date') return Date.parse(value as string) / 86_400_000
  if (type === 'timestamp') return microseconds(value as Date)
  if (type === 'timestamp_ntz') return microsecondsOfText(value as string)
  if (type.startsWith('decimal')) {
    const [whole = '', fraction = ''] = (value as string).split('.')
    return { unscaled: BigInt(whole + fraction), scale: fraction.length }
  }
  return value as PlainValue
}

function microseconds(date: Date): bigint {
  return date instanceof MicrosecondDate ? date.epochMicroseconds : BigInt(date.getTime()) * 1000n
}

function microsecondsOfText(text: string): bigint {
  const [seconds = '', fraction = ''] = text.split('.')
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'))
}
