import type { RowValue } from '../../src/index.js'
import type { TypeJson } from '../conformance/schema-json.js'

/**
 * Values to partition by, of every type that can be a partition column. Two kinds are beyond deltalake: negative decimals (it
 * makes `0.00-1` of -0.0001), and doubles whose digits are longer than a file name.
 */
export const partitionTypes: readonly (readonly [type: TypeJson & string, values: readonly RowValue[]])[] = [
  [
    'string',
    [
      'plain',
      'a b',
      'a/b',
      'a\\b',
      'a%b',
      'a%20b',
      'a=b',
      'a:b',
      'a?b#c',
      'a+b&c',
      "it's",
      'say "x"',
      '{x}[y]',
      'a,b;c',
      'ünï 漢字',
      '😀',
      '..',
      null,
    ],
  ],
  ['long', [9007199254740993n, -1n, 0n, null]],
  ['integer', [1, -1, null]],
  ['boolean', [true, false, null]],
  ['double', [0.5, -1e10, null]],
  ['decimal(20,4)', ['1.5000', '12345678.0001', null]],
  ['date', ['2024-02-29', '1969-12-31', null]],
  ['timestamp', [new Date('2024-02-29T12:34:56.789Z'), new Date('1969-12-31T23:59:59Z'), null]],
  ['timestamp_ntz', ['2024-02-29T12:34:56.789000', '1969-12-31T23:59:59.000000', null]],
]
