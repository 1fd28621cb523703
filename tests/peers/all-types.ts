import type { Row, RowValue } from '../../src/index.js'
import type { StructJson, TypeJson } from '../conformance/schema-json.js'

const inner = {
  type: 'struct',
  fields: [
    { name: 'n', type: 'integer' },
    { name: 'words', type: { type: 'array', elementType: 'string' } },
  ],
} as const

/** Every type that all of the other implementations know, with values, extremes and nulls of each. */
const columns: readonly (readonly [name: string, type: TypeJson, values: readonly RowValue[]])[] = [
  ['boolean', 'boolean', [true, false, null, true]],
  ['byte', 'byte', [127, -128, null, 0]],
  ['short', 'short', [32767, -32768, null, 0]],
  ['integer', 'integer', [2147483647, -2147483648, null, 0]],
  ['long', 'long', [9223372036854775807n, -9223372036854775808n, null, 0n]],
  ['float', 'float', [0.5, -3.5, null, 1e10]],
  ['double', 'double', [0.1, -1e300, null, 5e-324]],
  ['decimal', 'decimal(10,2)', ['12345678.90', '-0.01', null, '0.00']],
  [
    'wide_decimal',
    'decimal(38,10)',
    ['1234567890123456789012345678.0123456789', '-0.0000000001', null, '0.0000000000'],
  ],
  ['string', 'string', ['plain', 'ünï"\'\\ 漢字 😀', null, '']],
  ['binary', 'binary', [Uint8Array.of(0, 1, 255), Uint8Array.of(), null, Uint8Array.of(65)]],
  ['date', 'date', ['2024-02-29', '1969-12-31', null, '1970-01-01']],
  ['timestamp', 'timestamp', [new Date('2024-02-29T12:34:56.789Z'), new Date(-1), null, new Date(0)]],
  [
    'timestamp_ntz',
    'timestamp_ntz',
    ['2024-02-29T12:34:56.789000', '1969-12-31T23:59:59.999000', null, '1970-01-01T00:00:00.000000'],
  ],
  ['list', { type: 'array', elementType: 'long' }, [[1n, null, -1n], [], null, [0n]]],
  [
    'map',
    { type: 'map', keyType: 'string', valueType: 'long' },
    [
      new Map([
        ['a', 1n],
        ['b', null],
      ]),
      new Map(),
      null,
      new Map([['', 0n]]),
    ],
  ],
  [
    'struct',
    inner,
    [
      { n: 1, words: ['a', null] },
      { n: null, words: [] },
      { n: 3, words: null },
      { n: 0, words: ['z'] },
    ],
  ],
  [
    'list_of_structs',
    { type: 'array', elementType: inner },
    [[{ n: 1, words: ['x'] }], [], null, [{ n: null, words: null }]],
  ],
]

export const allTypesSchema: StructJson = {
  type: 'struct',
  fields: [{ name: 'id', type: 'long' as TypeJson }, ...columns.map(([name, type]) => ({ name, type }))],
}

/** Rows of {@link allTypesSchema} with ids from `first` on: the four samples, again and again. */
export function allTypesRows(first: number, count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    id: BigInt(first + i),
    ...Object.fromEntries(columns.map(([name, , values]) => [name, values[i % values.length]])),
  }))
}
