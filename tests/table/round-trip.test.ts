import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  array,
  binary,
  boolean,
  byte,
  col,
  DeltaTable,
  date,
  decimal,
  double,
  float,
  integer,
  Lake,
  long,
  map,
  short,
  string,
  struct,
  timestamp,
  timestampNtz,
} from '../../src/index.js'
import { PLACES, type Place } from './places.js'

const AllTypes = struct({
  boolean: boolean(),
  byte: byte(),
  short: short(),
  integer: integer(),
  long: long(),
  float: float(),
  double: double(),
  decimal: decimal(10, 2),
  wide: decimal(38, 10),
  string: string(),
  binary: binary(),
  date: date(),
  timestamp: timestamp(),
  ntz: timestampNtz(),
  list: array(long()),
  map: map(string(), integer()),
  struct: struct({ a: integer(), inner: struct({ b: array(string()) }) }),
})
type AllTypesRow = typeof AllTypes.Row

const full: AllTypesRow = {
  boolean: true,
  byte: -128,
  short: 32767,
  integer: -2147483648,
  long: 9223372036854775807n,
  float: 0.5,
  double: 5e-324,
  decimal: '-0.01',
  wide: '1234567890123456789012345678.0123456789',
  string: 'ünï"\'\\\n漢字 😀',
  binary: Uint8Array.of(0, 1, 255),
  date: '1969-12-31',
  timestamp: new Date('2024-02-29T12:34:56.789Z'),
  ntz: '1969-12-31T23:59:59.999999',
  list: [1n, null, -1n],
  map: new Map([
    ['a', 1],
    ['', null],
  ]),
  struct: { a: null, inner: { b: ['x', null] } },
}
const empty: AllTypesRow = {
  ...full,
  boolean: false,
  string: '',
  binary: new Uint8Array(),
  list: [],
  map: new Map(),
  struct: { a: 1, inner: null },
}
const nulls = Object.fromEntries(Object.keys(full).map((name) => [name, null])) as AllTypesRow

describe.each(PLACES)('%s', (_, open) => {
  let place: Place
  let lake: Lake
  beforeAll(async () => {
    place = await open()
    lake = new Lake({ memory: '512MB' })
  })
  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  it('gives back rows of every type, nulls and empty values', async () => {
    const table = await DeltaTable.create(place.url(), { schema: AllTypes, storage: place.storage })
    await table.append([full, nulls, empty])
    const reopened = await DeltaTable.open(table.url, { schema: AllTypes, storage: place.storage })
    expect(await reopened.rows()).toEqual([full, nulls, empty])
    const queried = await lake.query('SELECT * FROM t', { tables: { t: reopened } })
    expect(await queried.rows()).toEqual([full, nulls, empty])
  })

  const partitionValues = {
    boolean: [true, false, null],
    byte: [-128, 127, null],
    long: [-9223372036854775808n, 9223372036854775807n, null],
    double: [-1.5, 1e300, null],
    decimal: ['-12345678.90', '0.10', null],
    string: ['a/b=c:d%20 ü', '__HIVE_DEFAULT_PARTITION__x', "it's", null],
    date: ['1969-12-31', '2024-02-29', null],
    timestamp: [new Date('1969-12-31T23:59:59.999Z'), new Date('2024-02-29T12:34:56.789Z'), null],
    ntz: ['1969-12-31T23:59:59.999999', '2024-02-29T12:34:56.000000', null],
  } as const

  it.each(Object.entries(partitionValues))(
    'gives back the rows of a table partitioned by a %s',
    async (name, values) => {
      const fields = AllTypes.fields.filter((field) => field.name === 'integer' || field.name === name)
      const schema = { type: 'struct', fields } as const
      const table = await DeltaTable.create(place.url(), { schema, partitionBy: [name], storage: place.storage })
      const rows = [...values, ...values].map((value, i) => ({ integer: i, [name]: value }))
      await table.append(rows)
      const reopened = await DeltaTable.open(table.url, { storage: place.storage })
      const byNumber = (a: { integer: number }, b: { integer: number }): number => a.integer - b.integer
      expect(((await reopened.rows()) as { integer: number }[]).sort(byNumber)).toEqual(rows)
      const queried = await lake.query('SELECT * FROM t ORDER BY "integer"', { tables: { t: reopened } })
      expect(await queried.rows()).toEqual(rows)
      const missing = await reopened.rows({ where: col(name).isNull() })
      expect(missing).toHaveLength(2)
    },
  )
})
