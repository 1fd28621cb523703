import type { ArrayType, MapType, StructType } from '../../schema/data-type.js'
import { arrowType } from '../arrow-schema.js'
import { byteOffsets } from '../byte-offsets.js'
import { type Column, makeColumn } from '../column.js'
import { schemaMismatch } from '../schema-mismatch.js'
import { type ColumnInput, type FieldEncoder, misfit, type ValuePlace } from './column-input.js'
import { isRecord } from './is-record.js'

export function encodeStruct(type: StructType, input: ColumnInput, encodeField: FieldEncoder): Column {
  const { values, validity, nullCount, place } = input
  const names = new Set(type.fields.map((field) => field.name))
  values.forEach((value, i) => {
    if (value === null || value === undefined) return
    if (!isRecord(value)) throw misfit(place, 'a struct (an object)', value, i)
    for (const key in value) {
      if (names.has(key)) continue
      const expected = `one of the fields ${[...names].join(', ')}`
      throw schemaMismatch({ path: [...place.path, key], expected, got: 'an unknown field', row: place.row(i) })
    }
  })
  const absent = (index: number): boolean => values[index] === null || values[index] === undefined
  const children = type.fields.map((field) => {
    const fieldValues = values.map((value) =>
      isRecord(value) && Object.hasOwn(value, field.name) ? value[field.name] : undefined,
    )
    return encodeField(fieldValues, field, { ...place, path: [...place.path, field.name] }, absent)
  })
  return makeColumn(arrowType(type), { length: values.length, validity, nullCount, children })
}

export function encodeArray(type: ArrayType, input: ColumnInput, encodeField: FieldEncoder): Column {
  const { values, validity, nullCount, place } = input
  const lists = values.map((value, i): ArrayLike<unknown> => {
    if (value === null || value === undefined) return []
    if (Array.isArray(value) || isNumberArray(value)) return value
    throw misfit(place, 'an array', value, i)
  })
  const { offsets, elements, below } = flatten(lists, place, 'element')
  const child = encodeField(elements, { dataType: type.elementType, nullable: type.containsNull }, below)
  return makeColumn(arrowType(type), { length: values.length, validity, nullCount, offsets, children: [child] })
}

export function encodeMap(type: MapType, input: ColumnInput, encodeField: FieldEncoder): Column {
  const { values, validity, nullCount, place } = input
  const lists = values.map((value, i): readonly (readonly [unknown, unknown])[] => {
    if (value === null || value === undefined) return []
    if (value instanceof Map) return [...value]
    if (isRecord(value) && type.keyType.type === 'string') return Object.entries(value)
    throw misfit(place, type.keyType.type === 'string' ? 'a map (a Map or an object)' : 'a map (a Map)', value, i)
  })
  const { offsets, elements, below } = flatten(lists, place, 'key')
  const keys = elements.map((entry) => entry[0])
  const entryValues = elements.map((entry) => entry[1])
  const key = encodeField(keys, { dataType: type.keyType, nullable: false }, below)
  const value = encodeField(
    entryValues,
    { dataType: type.valueType, nullable: type.valueContainsNull },
    at(below, place, 'value'),
  )
  const arrow = arrowType(type)
  const entries = makeColumn(arrow.children[0]?.type as typeof arrow, {
    length: elements.length,
    children: [key, value],
  })
  return makeColumn(arrow, { length: values.length, validity, nullCount, offsets, children: [entries] })
}

/** Lays lists end to end; messages about an element name the row that its list stands in. */
function flatten<T>(
  lists: readonly ArrayLike<T>[],
  place: ValuePlace,
  part: string,
): { readonly offsets: Int32Array; readonly elements: T[]; readonly below: ValuePlace } {
  const offsets = byteOffsets(lists.length, (i) => (lists[i] as ArrayLike<T>).length)
  const elements: T[] = []
  for (const list of lists) for (let i = 0; i < list.length; i++) elements.push(list[i] as T)
  const row = (index: number): number => place.row(offsets.findLastIndex((start) => start <= index))
  return { offsets, elements, below: { path: [...place.path, part], row } }
}

function at(below: ValuePlace, place: ValuePlace, part: string): ValuePlace {
  return { path: [...place.path, part], row: below.row }
}

function isNumberArray(value: unknown): value is ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
