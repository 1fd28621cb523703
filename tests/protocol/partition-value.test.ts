import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { parsePartitionValue, serializePartitionValue } from '../../src/protocol/partition-value.js'
import type { DataType, PrimitiveName } from '../../src/schema/data-type.js'
import type { Scalar } from '../../src/schema/scalar.js'

const type = (name: PrimitiveName): DataType => ({ type: name })
const decimal = (precision: number, scale: number): DataType => ({ type: 'decimal', precision, scale })
const SECOND = 1_000_000n

describe('partition values', () => {
  it.each<[DataType, string, Scalar]>([
    [type('string'), 'a b/ü%', 'a b/ü%'],
    [type('boolean'), 'true', true],
    [type('boolean'), 'false', false],
    [type('byte'), '-128', -128],
    [type('short'), '32767', 32767],
    [type('integer'), '-2147483648', -2147483648],
    [type('long'), '-9223372036854775808', -(2n ** 63n)],
    [type('float'), '0.1', Math.fround(0.1)],
    [type('float'), '16777216.0', 16777216],
    [type('double'), '1.0', 1],
    [type('double'), '1.0E21', 1e21],
    [type('double'), '-0.0', -0],
    [type('double'), 'NaN', Number.NaN],
    [type('double'), '-Infinity', Number.NEGATIVE_INFINITY],
    [decimal(5, 2), '-1.50', -150n],
    [decimal(38, 0), '99999999999999999999999999999999999999', 10n ** 38n - 1n],
    [decimal(3, 3), '0.001', 1n],
    [type('date'), '1970-01-01', 0],
    [type('date'), '1969-12-31', -1],
    [type('date'), '0001-01-01', -719162],
    [type('date'), '-0001-03-01', -719834],
    [type('date'), '+10000-01-01', 2932897],
    [type('timestamp'), '1970-01-01T00:00:00.123456Z', 123456n],
    [type('timestamp'), '1969-12-31T23:59:59.999999Z', -1n],
    [type('timestamp_ntz'), '1970-01-01 00:00:01', SECOND],
    [type('timestamp_ntz'), '1960-02-29 12:30:00.000001', -310476600n * SECOND + 1n],
    [type('binary'), '\u0001\u0002é', Uint8Array.of(1, 2, 0xc3, 0xa9)],
  ])('of type %j are written as %j and read back', (dataType, text, value) => {
    expect(serializePartitionValue(value, dataType)).toBe(text)
    expect(parsePartitionValue(text, dataType)).toEqual(value)
  })

  it.each<[DataType, string, Scalar]>([
    [type('boolean'), 'TRUE', true],
    [type('boolean'), 'yes', true],
    [type('boolean'), '0', false],
    [type('integer'), ' 7 ', 7],
    [type('double'), '-inf', Number.NEGATIVE_INFINITY],
    [type('float'), 'nan', Number.NaN],
    [type('integer'), '+7', 7],
    [type('integer'), '-0', 0],
    [type('double'), '1', 1],
    [type('double'), '1e-7', 1e-7],
    [decimal(10, 3), '1E+3', 1_000_000n],
    [decimal(10, 1), '1.500', 15n],
    [type('date'), '2021-9-8', 18878],
    [type('date'), '2021-09-08 00:00:00', 18878],
    [type('timestamp'), '2021-10-01 08:09:20', 1633075760n * SECOND],
    [type('timestamp'), '2020-01-01 08:09:10.001', 1577866150_001_000n],
    [type('timestamp'), '2021-10-01T08:09:20+02:00', 1633068560n * SECOND],
    [type('timestamp'), '2021-10-01', 1633046400n * SECOND],
  ])('of type %j are also read from %j', (dataType, text, value) => {
    expect(parsePartitionValue(text, dataType)).toEqual(value)
  })

  it('are null for null and for the empty string, whatever the type', () => {
    for (const name of ['string', 'integer', 'date', 'timestamp', 'binary'] as const) {
      expect(parsePartitionValue(null, type(name))).toBeNull()
      expect(parsePartitionValue('', type(name))).toBeNull()
      expect(serializePartitionValue(null, type(name))).toBeNull()
    }
    expect(serializePartitionValue('', type('string'))).toBeNull()
    expect(serializePartitionValue(new Uint8Array(), type('binary'))).toBeNull()
  })

  it.each<[DataType, string]>([
    [type('integer'), '1.5'],
    [type('byte'), '128'],
    [type('long'), '9223372036854775808'],
    [type('boolean'), 'maybe'],
    [type('double'), 'info'],
    [type('date'), '2021-02-30'],
    [type('date'), 'today'],
    [type('timestamp'), '2021-01-01 25:00:00'],
    [decimal(3, 1), '123.4'],
    [decimal(3, 1), '1.23'],
    [type('double'), 'one'],
  ])('of type %j cannot be %j', (dataType, text) => {
    expect(() => parsePartitionValue(text, dataType)).toThrow(expect.objectContaining({ code: 'CorruptLog' }))
  })

  it('refuses bytes that no reader would get back, and types that cannot partition', () => {
    expect(() => serializePartitionValue(Uint8Array.of(0xff), type('binary'))).toThrow(
      expect.objectContaining({ code: 'InvalidInput' }),
    )
    const map: DataType = { type: 'array', elementType: type('string'), containsNull: true }
    expect(() => parsePartitionValue('x', map)).toThrow(expect.objectContaining({ code: 'UnsupportedType' }))
  })

  it('read back what was written, for any value of any type', () => {
    const cases = fc.oneof(
      fc.tuple(fc.constant(type('string')), fc.string({ unit: 'binary', minLength: 1 })),
      fc.tuple(fc.constant(type('long')), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.tuple(fc.constant(type('double')), fc.double()),
      fc.tuple(fc.constant(type('float')), fc.float()),
      fc.tuple(fc.constant(type('date')), fc.integer({ min: -1_000_000, max: 3_000_000 })),
      fc.tuple(fc.constant(type('timestamp')), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })),
      fc.tuple(fc.constant(type('timestamp_ntz')), fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n })),
      fc.tuple(fc.constant(decimal(38, 10)), fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })),
    )
    fc.assert(
      fc.property(cases, ([dataType, value]) => {
        expect(parsePartitionValue(serializePartitionValue(value, dataType), dataType)).toEqual(value)
      }),
    )
  })

  it('are either read or refused as CorruptLog, whatever the text', () => {
    const types = ['boolean', 'byte', 'integer', 'long', 'float', 'double', 'date', 'timestamp', 'binary'] as const
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.string(), (name, text) => {
        try {
          parsePartitionValue(text, type(name))
        } catch (error) {
          expect(isDeltaError(error, 'CorruptLog')).toBe(true)
        }
      }),
    )
  })
})
