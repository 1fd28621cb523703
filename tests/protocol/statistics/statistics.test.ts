import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnTree, FileStatistics } from '../../../src/protocol/statistics/file-statistics.js'
import { parseStatistics } from '../../../src/protocol/statistics/parse-statistics.js'
import { serializeStatistics } from '../../../src/protocol/statistics/serialize-statistics.js'
import { stringLowerBound, stringUpperBound } from '../../../src/protocol/statistics/string-bound.js'
import type { DataType, StructType } from '../../../src/schema/data-type.js'
import type { Scalar } from '../../../src/schema/scalar.js'

function struct(fields: { readonly [name: string]: DataType }): StructType {
  const entries = Object.entries(fields)
  return {
    type: 'struct',
    fields: entries.map(([name, dataType]) => ({ name, dataType, nullable: true, metadata: {} })),
  }
}

const SCHEMA = struct({
  b: { type: 'boolean' },
  i: { type: 'integer' },
  l: { type: 'long' },
  f: { type: 'float' },
  d: { type: 'double' },
  m: { type: 'decimal', precision: 38, scale: 10 },
  s: { type: 'string' },
  day: { type: 'date' },
  ts: { type: 'timestamp' },
  ntz: { type: 'timestamp_ntz' },
  bin: { type: 'binary' },
  o: struct({ x: { type: 'long' }, p: struct({ y: { type: 'string' } }) }),
})

const MINIMA: ColumnTree<Scalar> = new Map<string, Scalar | ColumnTree<Scalar>>([
  ['b', false],
  ['i', -5],
  ['l', -(2n ** 63n)],
  ['f', Math.fround(0.1)],
  ['d', -1.5e300],
  ['m', -12345678901234567890n * 10n ** 10n - 1n],
  ['s', 'a"\\ü'],
  ['day', -1],
  ['ts', -86_400_000_000n],
  ['ntz', 1_000n],
  [
    'o',
    new Map<string, Scalar | ColumnTree<Scalar>>([
      ['x', 1n],
      ['p', new Map([['y', 'z']])],
    ]),
  ],
])

describe('statistics of files', () => {
  it('are written as Spark writes them', () => {
    const statistics: FileStatistics = {
      numRecords: 3,
      minValues: MINIMA,
      maxValues: new Map([['l', 7n]]),
      nullCount: new Map<string, number | ColumnTree<number>>([
        ['i', 1],
        ['bin', 3],
        ['o', new Map([['x', 2]])],
      ]),
      tightBounds: false,
    }
    expect(serializeStatistics(statistics, SCHEMA)).toBe(
      '{"numRecords":3,"minValues":{"b":false,"i":-5,"l":-9223372036854775808,"f":0.1,"d":-1.5E300,' +
        '"m":-12345678901234567890.0000000001,"s":"a\\"\\\\ü","day":"1969-12-31","ts":"1969-12-31T00:00:00.000Z",' +
        '"ntz":"1970-01-01T00:00:00.001","o":{"x":1,"p":{"y":"z"}}},' +
        '"maxValues":{"l":7},"nullCount":{"i":1,"o":{"x":2},"bin":3},"tightBounds":false}'.replace(
          '"i":1,"o":{"x":2},"bin":3',
          '"i":1,"bin":3,"o":{"x":2}',
        ),
    )
  })

  it('are read back without losing a digit', () => {
    const written = serializeStatistics(
      { numRecords: 2, minValues: MINIMA, maxValues: new Map(), nullCount: new Map(), tightBounds: true },
      SCHEMA,
    )
    expect(parseStatistics(written, SCHEMA)).toEqual({
      numRecords: 2,
      minValues: MINIMA,
      maxValues: new Map(),
      nullCount: new Map(),
      tightBounds: true,
    })
  })

  it('of timestamps are bounds even where a writer cut them to milliseconds', () => {
    const stats = parseStatistics(
      '{"minValues":{"ts":"2021-01-01T00:00:00.123Z"},"maxValues":{"ts":"2021-01-01T00:00:00.123Z","ntz":"2021-01-01T00:00:00.123456"}}',
      SCHEMA,
    )
    const instant = BigInt(Date.UTC(2021, 0, 1)) * 1000n + 123_000n
    expect(stats?.minValues.get('ts')).toBe(instant)
    expect(stats?.maxValues.get('ts')).toBe(instant + 999n)
    expect(stats?.maxValues.get('ntz')).toBe(instant + 456n)
  })

  it('are read only for the columns asked for', () => {
    const stats = parseStatistics(
      '{"minValues":{"i":1,"l":2},"nullCount":{"i":0,"l":0}}',
      struct({ l: { type: 'long' } }),
    )
    expect([...(stats?.minValues ?? [])]).toEqual([['l', 2n]])
    expect([...(stats?.nullCount ?? [])]).toEqual([['l', 0]])
  })

  it.each(['', 'null', '[]', '{"numRecords":', 'NaN'])('that are unusable (%j) are none', (json) => {
    expect(parseStatistics(json, SCHEMA)).toBeUndefined()
  })

  it('leave out single values that do not fit their column', () => {
    const stats = parseStatistics(
      JSON.stringify({
        numRecords: '3',
        minValues: { b: 'x', i: 1.5, l: '7', d: 'NaN', m: 'abc', s: 5, day: '2021-13-01', ts: 0, o: 'flat', bin: 'AA' },
        maxValues: 5,
        nullCount: { i: -1, l: null, s: 2 },
      }),
      SCHEMA,
    )
    expect(stats).toEqual({
      minValues: new Map([['o', new Map()]]),
      maxValues: new Map(),
      nullCount: new Map([['s', 2]]),
      tightBounds: true,
    })
  })

  it('leave out what JSON cannot say', () => {
    const statistics: FileStatistics = {
      minValues: new Map<string, Scalar>([
        ['d', Number.NaN],
        ['f', Number.NEGATIVE_INFINITY],
        ['bin', Uint8Array.of(1)],
      ]),
      maxValues: new Map(),
      nullCount: new Map(),
      tightBounds: true,
    }
    expect(serializeStatistics(statistics, SCHEMA)).toBe('{"minValues":{},"maxValues":{},"nullCount":{}}')
  })

  it('of a column that is called __proto__ are like any other', () => {
    const schema: StructType = {
      type: 'struct',
      fields: [{ name: '__proto__', dataType: { type: 'long' }, nullable: true, metadata: {} }],
    }
    const json = '{"numRecords":1,"minValues":{"__proto__":9007199254740993},"maxValues":{},"nullCount":{}}'
    const stats = parseStatistics(json, schema)
    expect(stats?.minValues.get('__proto__')).toBe(9007199254740993n)
    expect(serializeStatistics(stats as FileStatistics, schema)).toBe(json)
  })

  it('survive writing and reading for any long, decimal and double', () => {
    const schema = struct({
      l: { type: 'long' },
      m: { type: 'decimal', precision: 38, scale: 18 },
      d: { type: 'double' },
    })
    const values = fc.tuple(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(values, ([l, m, d]) => {
        const tree = new Map<string, Scalar>([
          ['l', l],
          ['m', m],
          ['d', d],
        ])
        const statistics = { numRecords: 1, minValues: tree, maxValues: tree, nullCount: new Map(), tightBounds: true }
        expect(parseStatistics(serializeStatistics(statistics, schema), schema)).toEqual(statistics)
      }),
    )
  })
})

describe('bounds of strings', () => {
  const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

  it('are short, and bounds in the order of UTF-8 bytes', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('a', '\u007f', '\u{10ffff}', '\u{10fffe}', '\uffff'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 40,
    })
    fc.assert(
      fc.property(text, (value) => {
        const lower = stringLowerBound(value)
        const upper = stringUpperBound(value)
        expect(byCodePoint(lower, value)).toBeLessThanOrEqual(0)
        expect([...lower].length).toBeLessThanOrEqual(32)
        if (upper === undefined) return
        expect(byCodePoint(upper, value)).toBeGreaterThanOrEqual(0)
        expect([...upper].length).toBeLessThanOrEqual(33)
      }),
    )
  })

  it('leave texts of 32 characters alone, and never split one', () => {
    const faces = '😈'.repeat(32)
    expect(stringLowerBound(faces)).toBe(faces)
    expect(stringUpperBound(faces)).toBe(faces)
    expect(stringLowerBound(`${faces}a`)).toBe(faces)
    expect(stringUpperBound(`${faces}a`)).toBe(`${faces}\u007f`)
    expect(stringUpperBound(`${faces}ü`)).toBe(`${faces}\u{10ffff}`)
  })

  it('have no upper bound where none exists', () => {
    expect(stringUpperBound('\u{10ffff}'.repeat(33))).toBeUndefined()
  })
})
