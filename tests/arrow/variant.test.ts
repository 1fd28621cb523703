import * as arrow from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { castColumn } from '../../src/arrow/cast/cast-column.js'
import type { CastRules } from '../../src/arrow/cast/cast-rules.js'
import type { Column } from '../../src/arrow/column.js'
import { rowReader } from '../../src/arrow/decode/row-reader.js'
import { decodeVariant } from '../../src/arrow/variant/decode-variant.js'
import { encodeVariantValue } from '../../src/arrow/variant/encode-variant.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import type { JsonValue } from '../../src/schema/data-type.js'

const NO_NAMES = Uint8Array.of(1, 0, 0)
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16))

describe('a variant', () => {
  it('gives back any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
        const plain = JSON.parse(JSON.stringify(json)) as JsonValue
        const { metadata, value } = encodeVariantValue(plain) as { metadata: Uint8Array; value: Uint8Array }
        expect(decodeVariant(metadata, value)).toEqual(plain)
      }),
    )
  })

  it('keeps integers of 64 bits, and wider ones as decimals', () => {
    for (const json of [2n ** 53n, -(2n ** 63n), 10n ** 37n]) {
      const { metadata, value } = encodeVariantValue({ n: json }) as { metadata: Uint8Array; value: Uint8Array }
      expect(decodeVariant(metadata, value)).toEqual({ n: json })
    }
    expect(encodeVariantValue(10n ** 38n)).toBeUndefined()
  })

  it('holds big objects, long arrays and long texts', () => {
    const json = {
      many: Array.from({ length: 300 }, (_, i) => i),
      long: 'ü'.repeat(5000),
      ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, { i }])),
    }
    const { metadata, value } = encodeVariantValue(json) as { metadata: Uint8Array; value: Uint8Array }
    expect(decodeVariant(metadata, value)).toEqual(json)
  })

  it.each([
    ['a date', '2c ff ff ff ff', '1969-12-31'],
    ['a timestamp', '30 01 00 00 00 00 00 00 00', '1970-01-01 00:00:00.000001+00:00'],
    ['a timestamp without a zone', '34 00 00 00 00 00 00 00 00', '1970-01-01 00:00:00'],
    ['nanoseconds', '48 ff ff ff ff ff ff ff ff', '1969-12-31 23:59:59.999999999+00:00'],
    ['a float', '38 00 00 c0 3f', 1.5],
    ['a decimal that is a number', '20 02 7b 00 00 00', 1.23],
    [
      'a decimal that no number is',
      '28 02 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff 04',
      '66461399789245793645190353014017228.79',
    ],
    ['a binary', '3c 02 00 00 00 ff 00', '/wA='],
    ['a UUID', '50 00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff', '00112233-4455-6677-8899-aabbccddeeff'],
    ['NaN', '1c 00 00 00 00 00 00 f8 7f', 'NaN'],
  ])('reads %s', (_, hex, expected) => {
    expect(decodeVariant(NO_NAMES, bytesOf(hex))).toBe(expected)
  })

  it.each([
    ['bytes that end early', '18 01 02'],
    ['an object whose names are missing', '02 01 00 00 01 00'],
    ['an array that counts more than it has', '03 ff 00'],
    ['nothing', ''],
  ])('refuses %s', (_, hex) => {
    const bytes = hex === '' ? new Uint8Array(0) : bytesOf(hex)
    expect(() => decodeVariant(NO_NAMES, bytes)).toThrow(
      expect.toSatisfy((error) => isDeltaError(error, 'CorruptData')),
    )
  })
})

describe('a shredded variant', () => {
  const field = (name: string, type: arrow.DataType, nullable = true): arrow.Field =>
    new arrow.Field(name, type, nullable)
  const group = (type: arrow.DataType): arrow.Struct =>
    new arrow.Struct([field('value', new arrow.Binary()), field('typed_value', type)])
  const shredded = (type: arrow.DataType): arrow.Struct =>
    new arrow.Struct([
      field('metadata', new arrow.Binary(), false),
      field('value', new arrow.Binary()),
      field('typed_value', type),
    ])
  const variant = (json: JsonValue): { metadata: Uint8Array; value: Uint8Array } =>
    encodeVariantValue(json) as { metadata: Uint8Array; value: Uint8Array }
  const read = (type: arrow.Struct, rows: readonly unknown[]): unknown[] => {
    const column = castColumn(
      arrow.vectorFromArray(rows, type).data[0] as Column,
      { type: 'variant' },
      ['v'],
      {} as CastRules,
    )
    const reader = rowReader(column, { type: 'variant' })
    return rows.map((_, row) => reader(row))
  }

  it('of a primitive type is the typed value where there is one', () => {
    const text = variant('text')
    const rows = [
      { ...NONE, metadata: NO_NAMES, typed_value: 5n },
      { ...NONE, metadata: text.metadata, value: text.value },
      { ...NONE, metadata: NO_NAMES },
      null,
    ]
    expect(read(shredded(new arrow.Int64()), rows)).toEqual([5, 'text', null, null])
  })

  it('of an object takes its fields from both parts', () => {
    const type = shredded(
      new arrow.Struct([field('a', group(new arrow.Int64()), false), field('b', group(new arrow.Utf8()), false)]),
    )
    const { metadata } = variant({ a: 1, b: 'x', c: true })
    const fieldOnly = (name: string, json: JsonValue): Uint8Array => objectWith(metadata, name, json)
    const rows = [
      {
        metadata,
        value: fieldOnly('c', true),
        typed_value: { a: { value: null, typed_value: 7n }, b: { value: null, typed_value: 'y' } },
      },
      {
        metadata,
        value: null,
        typed_value: {
          a: { value: variant('no number').value, typed_value: null },
          b: { value: null, typed_value: null },
        },
      },
      { metadata, value: variant([1, 2]).value, typed_value: null },
    ]
    expect(read(type, rows)).toEqual([{ a: 7, b: 'y', c: true }, { a: 'no number' }, [1, 2]])
  })

  it('of an array is put together element by element', () => {
    const type = shredded(new arrow.List(field('element', group(new arrow.Float64()), false)))
    const rows = [
      {
        metadata: NO_NAMES,
        value: null,
        typed_value: [
          { value: null, typed_value: 0.5 },
          { value: variant('x').value, typed_value: null },
        ],
      },
      { metadata: NO_NAMES, value: null, typed_value: [] },
    ]
    expect(read(type, rows)).toEqual([[0.5, 'x'], []])
  })

  it('is refused where its parts contradict each other', () => {
    const rows = [{ metadata: NO_NAMES, value: variant(1).value, typed_value: 5n }]
    expect(() => read(shredded(new arrow.Int64()), rows)).toThrow(/a value and a typed value/)
  })

  const NONE = { value: null, typed_value: null }

  /** An object of one field, with the id that the name has in another variant's metadata. */
  function objectWith(metadata: Uint8Array, name: string, json: JsonValue): Uint8Array {
    const names = ['a', 'b', 'c']
    const value = variant(json).value
    expect(metadata.byteLength).toBeGreaterThan(names.length)
    return Uint8Array.of(2, 1, names.indexOf(name), 0, value.byteLength, ...value)
  }
})
