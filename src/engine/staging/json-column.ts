import { Utf8 } from 'apache-arrow'
import { arrowType } from '../../arrow/arrow-schema.js'
import { byteOffsets } from '../../arrow/byte-offsets.js'
import { rebuildColumn } from '../../arrow/cast/rebuild-column.js'
import { type Column, childAt } from '../../arrow/column.js'
import { scalarReader } from '../../arrow/decode/scalar-reader.js'
import { validityTest } from '../../arrow/validity.js'
import { decodeVariant } from '../../arrow/variant/decode-variant.js'
import type { DataType, StructField } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'

const STRING: DataType = { type: 'string' }
const BINARY: DataType = { type: 'binary' }
const encoder = new TextEncoder()

/** Whether values of the type are variants, or hold some. */
export function hasVariant(type: DataType): boolean {
  switch (type.type) {
    case 'variant':
      return true
    case 'struct':
      return type.fields.some(({ dataType }) => hasVariant(dataType))
    case 'array':
      return hasVariant(type.elementType)
    case 'map':
      return hasVariant(type.keyType) || hasVariant(type.valueType)
    default:
      return false
  }
}

/** The type with strings in place of variants. */
function jsonType(type: DataType): DataType {
  switch (type.type) {
    case 'variant':
      return STRING
    case 'struct':
      return { ...type, fields: type.fields.map(jsonField) }
    case 'array':
      return { ...type, elementType: jsonType(type.elementType) }
    case 'map':
      return { ...type, keyType: jsonType(type.keyType), valueType: jsonType(type.valueType) }
    default:
      return type
  }
}

export function jsonField(field: StructField): StructField {
  return { ...field, dataType: jsonType(field.dataType) }
}

/** A column with JSON texts in place of variants, at any depth. A variant that is null as JSON is the text `null`, no null. */
export function jsonColumn(column: Column, type: DataType): Column {
  if (!hasVariant(type)) return column
  const target = arrowType(jsonType(type))
  switch (type.type) {
    case 'variant':
      return jsonTexts(column)
    case 'struct': {
      const children = type.fields.map(({ dataType }, i) => jsonColumn(childAt(column, i), dataType))
      return rebuildColumn(column, target, { children })
    }
    case 'array':
      return rebuildColumn(column, target, { children: [jsonColumn(childAt(column, 0), type.elementType)] })
    case 'map': {
      const entries = childAt(column, 0)
      const children = [type.keyType, type.valueType].map((part, i) => jsonColumn(childAt(entries, i), part))
      const pairs = rebuildColumn(entries, (target.children[0] as { type: typeof target }).type, { children })
      return rebuildColumn(column, target, { children: [pairs] })
    }
    default:
      return column
  }
}

function jsonTexts(column: Column): Column {
  const metadata = scalarReader(childAt(column, 0), BINARY)
  const value = scalarReader(childAt(column, 1), BINARY)
  const isThere = validityTest(column)
  const texts = Array.from({ length: column.length }, (_, row) => {
    const [names, bytes] = [metadata(row), value(row)]
    if (!isThere(row) || names === null || bytes === null) return new Uint8Array(0)
    return encoder.encode(stringifyJson(decodeVariant(names as Uint8Array, bytes as Uint8Array)))
  })
  const offsets = byteOffsets(texts.length, (row) => texts[row]?.byteLength ?? 0)
  const values = new Uint8Array(offsets[texts.length] as number)
  texts.forEach((text, row) => void values.set(text, offsets[row]))
  // The validity of the variant itself stays: a struct has the same.
  return rebuildColumn(column, new Utf8(), { values, offsets, children: [] })
}
