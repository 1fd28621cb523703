import * as arrow from 'apache-arrow'
import { describe, expect, it } from 'vitest'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

function batchOf(columns: { readonly [name: string]: arrow.Vector }): arrow.RecordBatch {
  const fields = Object.entries(columns).map(([name, vector]) => new arrow.Field(name, vector.type, true))
  const data = Object.values(columns).map((vector) => vector.data[0] as arrow.Data)
  const type = new arrow.Struct(fields)
  return new arrow.RecordBatch(
    new arrow.Schema(fields),
    arrow.makeData({ type, length: data[0]?.length ?? 0, nullCount: 0, children: data }) as never,
  )
}

function conformed(columns: { readonly [name: string]: arrow.Vector }, sql: string): unknown[] {
  const schema = parseSchemaText(sql)
  return decodeRows(conformBatch(batchOf(columns), schema), schema).map((row) => Object.values(row)[0])
}

const vector = (type: arrow.DataType, values: readonly unknown[]): arrow.Vector => arrow.vectorFromArray(values, type)

function raw(type: arrow.DataType, values: ArrayBufferView): arrow.Vector {
  return new arrow.Vector([
    arrow.makeData({ type, data: values, length: (values as BigInt64Array).length } as never) as arrow.Data,
  ])
}

function large(type: arrow.DataType, offsets: readonly number[], data: Uint8Array): arrow.Vector {
  const props = { type, length: offsets.length - 1, valueOffsets: BigInt64Array.from(offsets, BigInt), data }
  return new arrow.Vector([arrow.makeData(props as never) as arrow.Data])
}

const dictionary = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())
const micros = (timezone?: string): arrow.DataType => new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, timezone)

describe('conformBatch takes', () => {
  it.each<[string, arrow.Vector, string, unknown[]]>([
    ['smaller integers', vector(new arrow.Int8(), [1, null, -128]), 'c BIGINT', [1n, null, -128n]],
    ['wider integers that fit', vector(new arrow.Int64(), [1n, null, -5n]), 'c INT', [1, null, -5]],
    ['unsigned integers', vector(new arrow.Uint32(), [4294967295, 0]), 'c BIGINT', [4294967295n, 0n]],
    ['integers as decimals', vector(new arrow.Int32(), [12, null]), 'c DECIMAL(10,2)', ['12.00', null]],
    ['integers as doubles', vector(new arrow.Int32(), [12, null]), 'c DOUBLE', [12, null]],
    ['floats as doubles', vector(new arrow.Float32(), [0.5, null]), 'c DOUBLE', [0.5, null]],
    ['doubles that are floats', vector(new arrow.Float64(), [0.5, Number.NaN]), 'c FLOAT', [0.5, Number.NaN]],
    [
      'half floats',
      raw(new arrow.Float16(), Uint16Array.of(0x3e00, 0xfc00)),
      'c DOUBLE',
      [1.5, Number.NEGATIVE_INFINITY],
    ],
    ['dictionaries', vector(dictionary, ['a', 'b', null, 'a']), 'c STRING', ['a', 'b', null, 'a']],
    ['large strings', large(new arrow.LargeUtf8(), [0, 1, 3], Buffer.from('abc')), 'c STRING', ['a', 'bc']],
    [
      'large binaries',
      large(new arrow.LargeBinary(), [0, 1, 3], Uint8Array.of(1, 2, 3)),
      'c BINARY',
      [Uint8Array.of(1), Uint8Array.of(2, 3)],
    ],
    [
      'fixed-size binaries',
      vector(new arrow.FixedSizeBinary(2), [Uint8Array.of(1, 2), null]),
      'c BINARY',
      [Uint8Array.of(1, 2), null],
    ],
    [
      'timestamps in seconds',
      raw(new arrow.Timestamp(arrow.TimeUnit.SECOND, 'UTC'), BigInt64Array.of(-1n)),
      'c TIMESTAMP',
      [new Date(-1000)],
    ],
    [
      'timestamps in milliseconds',
      raw(new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'Europe/Berlin'), BigInt64Array.of(5n)),
      'c TIMESTAMP',
      [new Date(5)],
    ],
    [
      'timestamps in nanoseconds',
      raw(new arrow.Timestamp(arrow.TimeUnit.NANOSECOND, 'UTC'), BigInt64Array.of(-1000000n)),
      'c TIMESTAMP',
      [new Date(-1)],
    ],
    ['timestamps without a zone, as UTC', raw(micros(), BigInt64Array.of(1000n)), 'c TIMESTAMP', [new Date(1)]],
    [
      'timestamps without a zone',
      raw(micros(), BigInt64Array.of(1n)),
      'c TIMESTAMP_NTZ',
      ['1970-01-01T00:00:00.000001'],
    ],
    [
      'dates as timestamps without a zone',
      raw(new arrow.DateDay(), Int32Array.of(-1)),
      'c TIMESTAMP_NTZ',
      ['1969-12-31T00:00:00.000000'],
    ],
    ['dates in milliseconds', raw(new arrow.DateMillisecond(), BigInt64Array.of(-86400000n)), 'c DATE', ['1969-12-31']],
    [
      'lists of fixed size',
      vector(new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int32(), true)), [[1, 2], null]),
      'c ARRAY<BIGINT>',
      [[1n, 2n], null],
    ],
    ['null columns', vector(new arrow.Null(), [null, null]), 'c ARRAY<BIGINT>', [null, null]],
  ])('%s', (_, column, sql, expected) => {
    expect(conformed({ c: column }, sql)).toEqual(expected)
  })

  it('slices of all of these', () => {
    const schema = parseSchemaText('a STRING, b INT, c BOOLEAN, d ARRAY<INT>')
    const list = new arrow.List(new arrow.Field('item', new arrow.Int8(), true))
    const batch = batchOf({
      a: vector(dictionary, ['x', null, 'y', 'z']),
      b: vector(new arrow.Int64(), [1n, 2n, null, 4n]),
      c: vector(new arrow.Bool(), [true, false, null, true]),
      d: vector(list, [[1], [2, null], null, [3]]),
    })
    expect(decodeRows(conformBatch(batch.slice(1, 4), schema), schema)).toEqual([
      { a: null, b: 2, c: false, d: [2, null] },
      { a: 'y', b: null, c: null, d: null },
      { a: 'z', b: 4, c: true, d: [3] },
    ])
  })

  it('decimals of other precision and scale that fit', () => {
    const words = new Uint32Array(8)
    words.set([12345, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff])
    const column = new arrow.Vector([
      arrow.makeData({ type: new arrow.Decimal(2, 20, 128), data: words, length: 2 }) as arrow.Data,
    ])
    expect(conformed({ c: column }, 'c DECIMAL(10,3)')).toEqual(['123.450', '-0.010'])
  })

  it('views of strings, short and long', () => {
    const long = Buffer.from('a text of more than twelve bytes')
    const views = new Uint8Array(32)
    const view = new DataView(views.buffer)
    view.setInt32(0, 2, true)
    views.set(Buffer.from('ab'), 4)
    view.setInt32(16, long.length, true)
    views.set(long.subarray(0, 4), 20)
    const props = { type: new arrow.Utf8View(), views, variadicBuffers: [new Uint8Array(long)], length: 2 }
    const column = new arrow.Vector([arrow.makeData(props as never) as arrow.Data])
    expect(conformed({ c: column }, 'c STRING')).toEqual(['ab', long.toString()])
  })

  it('columns in any order and case; what is missing becomes null', () => {
    const schema = parseSchemaText('id BIGINT NOT NULL, name STRING, extra DOUBLE')
    const batch = batchOf({ NAME: vector(new arrow.Utf8(), ['x']), Id: vector(new arrow.Int64(), [1n]) })
    expect(decodeRows(conformBatch(batch, schema), schema)).toEqual([{ id: 1n, name: 'x', extra: null }])
  })
})

describe('conformBatch refuses', () => {
  const struct = new arrow.Struct([new arrow.Field('x', new arrow.Int32(), true)])
  const list = new arrow.List(new arrow.Field('item', new arrow.Int32(), true))

  it.each<[string, { [name: string]: arrow.Vector }, string, string]>([
    ['integers that do not fit', { c: vector(new arrow.Int64(), [1n, 2n ** 31n]) }, 'c INT', 'c'],
    ['unsigned integers that do not fit', { c: vector(new arrow.Uint64(), [2n ** 63n]) }, 'c BIGINT', 'c'],
    ['doubles that are no floats', { c: vector(new arrow.Float64(), [0.1]) }, 'c FLOAT', 'c'],
    ['fractions', { c: vector(new arrow.Float64(), [1]) }, 'c INT', 'c'],
    ['text for numbers', { c: vector(new arrow.Utf8(), ['1']) }, 'c INT', 'c'],
    ['binary for text', { c: vector(new arrow.Binary(), [Uint8Array.of(1)]) }, 'c STRING', 'c'],
    [
      'nanoseconds',
      { c: raw(new arrow.Timestamp(arrow.TimeUnit.NANOSECOND), BigInt64Array.of(1n)) },
      'c TIMESTAMP',
      'c',
    ],
    ['instants for timestamps without a zone', { c: raw(micros('UTC'), BigInt64Array.of(1n)) }, 'c TIMESTAMP_NTZ', 'c'],
    ['a null where none may be', { c: vector(new arrow.Int32(), [1, null]) }, 'c INT NOT NULL', 'c'],
    ['a null inside a struct', { s: vector(struct, [{ x: null }]) }, 's STRUCT<x: INT NOT NULL>', 's.x'],
    ['a wrong type inside a list', { l: vector(list, [[1]]) }, 'l ARRAY<STRING>', 'l.element'],
    ['an unknown column', { c: vector(new arrow.Int32(), [1]), d: vector(new arrow.Int32(), [1]) }, 'c INT', 'd'],
    ['a missing column that may not be null', { c: vector(new arrow.Int32(), [1]) }, 'c INT, d INT NOT NULL', 'd'],
    ['times of day', { c: vector(new arrow.TimeMicrosecond(), [1n]) }, 'c BIGINT', 'c'],
  ])('%s', (_, columns, sql, column) => {
    const error = failure(() => conformBatch(batchOf(columns), parseSchemaText(sql)))
    expect(isDeltaError(error, 'SchemaMismatch') && error.details.column).toBe(column)
  })

  it('but lets a null struct have null in fields that are not nullable', () => {
    expect(conformed({ s: vector(struct, [null]) }, 's STRUCT<x: INT NOT NULL>')).toEqual([null])
  })
})

describe('a struct that may not be null, in one that is', () => {
  const inner = new arrow.Struct([new arrow.Field('x', new arrow.Int32(), false)])
  const outer = new arrow.Struct([new arrow.Field('m', inner, false)])
  /** Two rows; the validity of each part is left out where it has no null of its own. */
  const rows = (present: number, value: number): arrow.Vector => {
    const bits = (byte: number) => ({ nullBitmap: Uint8Array.of(byte), nullCount: byte === 0b11 ? 0 : 1 })
    const x = arrow.makeData({ type: new arrow.Int32(), length: 2, data: Int32Array.of(7, 8), ...bits(value) })
    const m = arrow.makeData({ type: inner, length: 2, nullCount: 0, children: [x] } as never)
    return new arrow.Vector([
      arrow.makeData({ type: outer, length: 2, ...bits(present), children: [m] } as never) as arrow.Data,
    ])
  }
  const sql = 's STRUCT<m: STRUCT<x: INT NOT NULL> NOT NULL>'

  it('needs no value in its fields', () => {
    expect(conformed({ s: rows(0b10, 0b10) }, sql)).toEqual([null, { m: { x: 8 } }])
  })

  it('but needs one where the outer one is not null', () => {
    const error = failure(() => conformed({ s: rows(0b11, 0b10) }, sql))
    expect(isDeltaError(error, 'SchemaMismatch') && error.details.column).toBe('s.m.x')
  })
})

function failure(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
