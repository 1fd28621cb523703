import { describe, expect, it } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { MicrosecondDate } from '../../src/arrow/microsecond-date.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const schema = parseSchemaText(
  'id BIGINT NOT NULL, small TINYINT, n INT, f FLOAT, price DECIMAL(5,2), name STRING, day DATE, at TIMESTAMP, local TIMESTAMP_NTZ, raw BINARY, ok BOOLEAN, tags ARRAY<STRING>, props MAP<STRING, INT>, place STRUCT<city: STRING NOT NULL, zip: INT>',
)

function back(row: object): { readonly [name: string]: unknown } {
  return decodeRows(encodeRows([row], schema), schema)[0] as { readonly [name: string]: unknown }
}

function mismatch(rows: readonly object[]): { column: unknown; expected: unknown; got: unknown; row: unknown } {
  try {
    encodeRows(rows, schema)
  } catch (error) {
    if (isDeltaError(error, 'SchemaMismatch')) {
      const { column, expected, got, row } = error.details
      return { column, expected, got, row }
    }
    throw error
  }
  throw new Error('no error')
}

describe('encodeRows takes', () => {
  it.each([
    ['a safe integer for a long', { id: 7 }, 'id', 7n],
    ['a bigint for an int', { id: 1n, n: 5n }, 'n', 5],
    ['a number for a decimal', { id: 1n, price: 12.5 }, 'price', '12.50'],
    ['a bigint for a decimal', { id: 1n, price: 12n }, 'price', '12.00'],
    ['zeros beyond the scale of a decimal', { id: 1n, price: '1.5000' }, 'price', '1.50'],
    ['a Date for a date', { id: 1n, day: new Date('1969-12-31T23:00:00Z') }, 'day', '1969-12-31'],
    ['ISO text for a timestamp', { id: 1n, at: '2026-01-01T01:00:00+01:00' }, 'at', new Date('2026-01-01T00:00:00Z')],
    [
      'text without a zone for a timestamp, as UTC',
      { id: 1n, at: '2026-01-01 00:00:00' },
      'at',
      new Date('2026-01-01T00:00:00Z'),
    ],
    ['a Date for a timestamp without a zone', { id: 1n, local: new Date(1) }, 'local', '1970-01-01T00:00:00.001000'],
    ['an object for a map of strings', { id: 1n, props: { a: 1 } }, 'props', new Map([['a', 1]])],
    ['names in another case', { ID: 1n, Name: 'x' }, 'name', 'x'],
    ['undefined for null', { id: 1n, name: undefined }, 'name', null],
    ['a Buffer for binary', { id: 1n, raw: Buffer.from('a') }, 'raw', Uint8Array.of(97)],
  ] as const)('%s', (_, row, column, expected) => {
    expect(back(row)[column]).toEqual(expected)
  })

  it('timestamps with microseconds, and gives them back as dates that carry them', () => {
    const at = back({ id: 1n, at: '1969-12-31T23:59:59.999999Z' }).at as MicrosecondDate
    expect(at).toBeInstanceOf(MicrosecondDate)
    expect(at.epochMicroseconds).toBe(-1n)
    expect(JSON.stringify(at)).toBe('"1969-12-31T23:59:59.999999Z"')
    expect((back({ id: 1n, at }).at as MicrosecondDate).epochMicroseconds).toBe(-1n)
  })
})

describe('encodeRows refuses', () => {
  it.each([
    ['a missing column that may not be null', { name: 'x' }, 'id', 'no value'],
    ['null where it may not be', { id: null }, 'id', 'null'],
    ['an unknown column', { id: 1, nmae: 'x' }, 'nmae', 'a column that the table lacks'],
    ['two keys that differ in case only', { id: 1, ID: 2 }, 'id', 'keys that differ in case only'],
    ['a number that is no safe integer', { id: 2 ** 53 }, 'id', 'the number 9007199254740992'],
    ['a bigint of more than 64 bits', { id: 2n ** 63n }, 'id', 'the bigint 9223372036854775808n'],
    ['an integer out of range', { id: 1, small: 128 }, 'small', 'the number 128'],
    ['a fraction for an integer', { id: 1, n: 1.5 }, 'n', 'the number 1.5'],
    ['a number that overflows a float', { id: 1, f: 1e39 }, 'f', 'the number 1e+39'],
    ['a decimal with too many digits', { id: 1, price: '1000.00' }, 'price', 'the string "1000.00"'],
    ['a decimal that would lose digits', { id: 1, price: '1.005' }, 'price', 'the string "1.005"'],
    ['text for a number', { id: 1, n: '5' }, 'n', 'the string "5"'],
    ['a number for text', { id: 1, name: 5 }, 'name', 'the number 5'],
    ['text that is not Unicode', { id: 1, name: 'a\ud800' }, 'name', 'the string "a\\ud800"'],
    ['a day that is not in the calendar', { id: 1, day: '2026-02-30' }, 'day', 'the string "2026-02-30"'],
    ['an invalid Date', { id: 1, at: new Date('never') }, 'at', 'an object of type Date'],
    [
      'nanoseconds',
      { id: 1, at: '2026-01-01T00:00:00.123456789Z' },
      'at',
      'the string "2026-01-01T00:00:00.123456789Z"',
    ],
    [
      'a zone where there is none',
      { id: 1, local: '2026-01-01T00:00:00Z' },
      'local',
      'the string "2026-01-01T00:00:00Z"',
    ],
    ['an element of the wrong type', { id: 1, tags: ['a', 1] }, 'tags.element', 'the number 1'],
    ['a value of a map of the wrong type', { id: 1, props: { a: 'x' } }, 'props.value', 'the string "x"'],
    [
      'a field that a struct lacks',
      { id: 1, place: { city: 'Ulm', country: 'D' } },
      'place.country',
      'an unknown field',
    ],
    ['null in a field that may not be null', { id: 1, place: { zip: 1 } }, 'place.city', 'no value'],
    ['an array for a struct', { id: 1, place: [] }, 'place', 'an object of type Array'],
  ])('%s', (_, row, column, got) => {
    expect(mismatch([row])).toMatchObject({ column, got, row: 0 })
  })

  it('and names the row, inside arrays too', () => {
    expect(mismatch([{ id: 1 }, { id: 2, tags: [] }, { id: 3, tags: ['a', 'b', true] }])).toMatchObject({ row: 2 })
    expect(mismatch([{ id: 1 }, { id: 'x' }])).toMatchObject({ row: 1 })
  })

  it('what is no row', () => {
    expect(() => encodeRows([null as never], schema)).toThrow(/Row 0 is null/)
    expect(() => encodeRows([[1] as never], schema)).toThrow(/Row 0 is an array/)
  })
})

it('a null struct may have null in fields that are not nullable', () => {
  expect(back({ id: 1n, place: null }).place).toBeNull()
})
