import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DeltaTable, MicrosecondDate, type Row } from '../../src/index.js'
import { openLocal, type Place } from '../table/places.js'
import { commandLine } from './command-line.js'

const PRIMITIVES =
  'x BOOLEAN, b TINYINT, s SHORT, i INT, l BIGINT, f FLOAT, d DOUBLE, e DECIMAL(38,10), t STRING, y BINARY, u DATE, at TIMESTAMP, n TIMESTAMP_NTZ'
const NESTED =
  'a ARRAY<STRUCT<y: BINARY, at: TIMESTAMP>>, m MAP<STRING, DOUBLE>, k MAP<INT, STRING>, p STRUCT<q: INT, r: STRUCT<z: ARRAY<BIGINT>>>'

const primitives: readonly Row[] = [
  {
    ...{ x: true, b: -128, s: 32767, i: -2147483648, l: 9223372036854775807n, f: Math.fround(0.1), d: 5e-324 },
    ...{ e: '1234567890123456789012345678.0123456789', t: ' ünï"\',\\\r\n漢字 😀 ', y: Uint8Array.of(0, 1, 255) },
    ...{ u: '0001-01-01', at: new MicrosecondDate(-1n), n: '1969-12-31T23:59:59.999999' },
  },
  {
    ...{ x: false, b: 0, s: 0, i: 0, l: -9223372036854775808n, f: Number.NaN, d: -0, e: '-0.0000000001', t: '' },
    ...{
      y: new Uint8Array(),
      u: '9999-12-31',
      at: new Date('9999-12-31T23:59:59.999Z'),
      n: '0001-01-01T00:00:00.000000',
    },
  },
  {
    ...{ x: null, b: null, s: null, i: null, l: null, f: Number.NEGATIVE_INFINITY, d: Number.POSITIVE_INFINITY },
    ...{ e: null, t: 'NULL', y: null, u: null, at: null, n: null },
  },
]
const nested: readonly Row[] = [
  {
    a: [{ y: Uint8Array.of(7), at: new Date(5) }, null, { y: null, at: null }],
    m: new Map([
      ['', Number.NaN],
      ['"k"', null],
    ]),
    k: new Map([
      [-1, 'x'],
      [2, null],
    ]),
    p: { q: null, r: { z: [9007199254740993n, null] } },
  },
  { a: [], m: new Map(), k: new Map(), p: { q: 1, r: null } },
  { a: null, m: null, k: null, p: null },
]
const all = primitives.map((row, i) => ({ ...row, ...nested[i] }))

let place: Place & { readonly folder: string }
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

it.each([
  ['csv', PRIMITIVES, primitives],
  ['ndjson', `${PRIMITIVES}, ${NESTED}`, all],
  ['parquet', `${PRIMITIVES}, ${NESTED}`, all],
  ['arrow', `${PRIMITIVES}, ${NESTED}`, all],
] as const)('rows of every type come back as they were from a file of %s', async (format, schema, rows) => {
  const table = await DeltaTable.create(place.url(), { schema })
  await table.append(rows)
  const file = join(place.folder, `all.${format}`)
  expect(await commandLine(['read', table.url, '-o', file])).toMatchObject({ code: 0 })
  const copy = await DeltaTable.create(place.url(), { schema })
  expect(await commandLine(['append', copy.url, file])).toMatchObject({ code: 0, stderr: '' })
  expect(await (await copy.refresh()).rows()).toEqual(await table.rows())
  expect(await copy.rows()).toEqual(rows)
})

it.each([
  [
    '{"k":{"1":"a","2":null}}',
    new Map([
      [1, 'a'],
      [2, null],
    ]),
  ],
  [
    '{"k":[[1,"a"],[2,5]]}',
    new Map([
      [1, 'a'],
      [2, '5'],
    ]),
  ],
  ['{"k":[]}', new Map()],
])('lines of JSON have maps whose keys are no text as objects or pairs: %s', async (line, k) => {
  const table = await DeltaTable.create(place.url(), { schema: 'k MAP<INT, STRING>' })
  const file = join(place.folder, 'maps.ndjson')
  await writeFile(file, `${line}\n`)
  await commandLine(['append', table.url, file])
  expect(await (await table.refresh()).rows()).toEqual([{ k }])
})

it.each(['{"k":[[1,2,3]]}', '{"k":[1]}', '{"k":5}', '{"k":[["x","a"]]}', '{"k":[[null,"a"]]}', '{"k":{"1.5":"a"}}'])(
  'a line with a map that is none is named: %s',
  async (line) => {
    const table = await DeltaTable.create(place.url(), { schema: 'k MAP<INT, STRING>' })
    const file = join(place.folder, 'maps.ndjson')
    await writeFile(file, `{"k":{"1":"a"}}\n${line}\n`)
    expect(await commandLine(['append', table.url, file])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/maps\.ndjson, line 2: column k/),
    })
  },
)
