import fc from 'fast-check'

/** A row of the tables that changes are tried on; `uid` tells rows apart and is never set. */
export interface OracleRow {
  readonly uid: string
  readonly key: bigint | null
  readonly place: string | null
  readonly count: number | null
  readonly weight: number | null
}

export type OracleColumn = keyof OracleRow

/** What the columns are called in a table. */
export type ColumnNames = { readonly [Column in OracleColumn]: string }

/** A condition, and what it says of a row: unknown is null. */
export interface OracleCondition {
  readonly sql: (name: (column: OracleColumn) => string) => string
  readonly holds: (row: OracleRow) => boolean | null
}

const PLACES: readonly (string | null)[] = ['a b', '100%', 'x=y/z', 'ü"', "q'", '%20', '', null]

const keys = fc.option(fc.bigInt({ min: 0n, max: 12n }), { freq: 6 })
const places = fc.constantFrom(...PLACES)
const counts = fc.option(fc.integer({ min: -3, max: 6 }), { freq: 5 })
const weights = fc.option(fc.constantFrom(0, -0.5, 1.25, Number.NaN, Number.POSITIVE_INFINITY), { freq: 5 })

export const rowValues: fc.Arbitrary<Omit<OracleRow, 'uid'>> = fc.record({
  key: keys,
  place: places,
  count: counts,
  weight: weights,
})

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const compare = (value: number | bigint | string | null, test: (value: never) => boolean): boolean | null =>
  value === null ? null : test(value as never)

const atoms: fc.Arbitrary<OracleCondition> = fc.oneof(
  fc.bigInt({ min: 0n, max: 12n }).map((limit) => ({
    sql: (name: (column: OracleColumn) => string) => `${name('key')} < ${limit}`,
    holds: ({ key }: OracleRow) => compare(key, (value: bigint) => value < limit),
  })),
  fc.bigInt({ min: 2n, max: 4n }).map((divisor) => ({
    sql: (name: (column: OracleColumn) => string) => `${name('key')} % ${divisor} = 1`,
    holds: ({ key }: OracleRow) => compare(key, (value: bigint) => value % divisor === 1n),
  })),
  places.map((place) => ({
    sql: (name: (column: OracleColumn) => string) =>
      place === null ? `${name('place')} IS NULL` : `${name('place')} = ${quoted(place)}`,
    holds: (row: OracleRow) =>
      place === null ? row.place === null : compare(row.place, (value: string) => value === place),
  })),
  fc.constant({
    // NaN is greater than every number.
    sql: (name: (column: OracleColumn) => string) => `${name('weight')} > 1`,
    holds: ({ weight }: OracleRow) => compare(weight, (value: number) => Number.isNaN(value) || value > 1),
  }),
  fc.constant({
    sql: (name: (column: OracleColumn) => string) => `${name('count')} IS NULL`,
    holds: ({ count }: OracleRow) => count === null,
  }),
)

/** Conditions of one part or two. */
export const conditions: fc.Arbitrary<OracleCondition> = fc.oneof(
  { weight: 3, arbitrary: atoms },
  {
    weight: 1,
    arbitrary: fc.tuple(atoms, atoms).map(([a, b]) => ({
      sql: (name: (column: OracleColumn) => string) => `(${a.sql(name)} OR ${b.sql(name)})`,
      holds: (row: OracleRow) => {
        const both = [a.holds(row), b.holds(row)]
        return both.includes(true) ? true : both.includes(null) ? null : false
      },
    })),
  },
  {
    weight: 1,
    arbitrary: atoms.map((a) => ({
      sql: (name: (column: OracleColumn) => string) => `NOT ${a.sql(name)}`,
      holds: (row: OracleRow) => {
        const held = a.holds(row)
        return held === null ? null : !held
      },
    })),
  },
)

/** New values of an update: a value, or computed of the row. */
export interface OracleSetting {
  readonly sql: (name: (column: OracleColumn) => string) => { readonly [Column in OracleColumn]?: string }
  readonly apply: (row: OracleRow) => OracleRow
}

const literal = (value: string | null): string => (value === null ? 'NULL' : quoted(value))

export const settings: fc.Arbitrary<OracleSetting> = fc.oneof(
  fc.constant({
    sql: (name: (column: OracleColumn) => string) => ({ count: `${name('count')} + 1` }),
    apply: (row: OracleRow) => ({ ...row, count: row.count === null ? null : row.count + 1 }),
  }),
  places.map((place) => ({ sql: () => ({ place: literal(place) }), apply: (row: OracleRow) => ({ ...row, place }) })),
  fc.tuple(places, counts).map(([place, count]) => ({
    sql: () => ({ place: literal(place), count: count === null ? 'NULL' : String(count), weight: "'NaN'::DOUBLE" }),
    apply: (row: OracleRow) => ({ ...row, place, count, weight: Number.NaN }),
  })),
)

const PLAIN: ColumnNames = { uid: 'uid', key: 'order', place: 'Place', count: 'count', weight: 'w1' }
const STRANGE: ColumnNames = { uid: 'Uid;', key: 'the "key"', place: 'a.b c', count: 'größe', weight: 'select' }

/** A kind of table. */
export interface TableConfig {
  readonly names: ColumnNames
  readonly partitioned: boolean
  readonly properties: { readonly [key: string]: string }
  readonly rewriteShare: number
}

export const configs: fc.Arbitrary<TableConfig> = fc
  .record({
    mode: fc.constantFrom('none', 'name', 'id'),
    vectors: fc.boolean(),
    feed: fc.boolean(),
    tracking: fc.boolean(),
    partitioned: fc.boolean(),
    rewriteShare: fc.constantFrom(0.3, 0.75, 1),
  })
  .map(({ mode, vectors, feed, tracking, partitioned, rewriteShare }) => ({
    names: mode === 'none' ? PLAIN : STRANGE,
    partitioned,
    rewriteShare,
    properties: {
      'delta.columnMapping.mode': mode,
      'delta.enableDeletionVectors': String(vectors),
      'delta.enableChangeDataFeed': String(feed),
      'delta.enableRowTracking': String(tracking),
    },
  }))

/** A merge by key: what happens to rows of each kind. */
export interface MergeShape {
  readonly deleteWhen: OracleCondition | undefined
  readonly update: 'all' | OracleSetting | undefined
  readonly insertWhen: OracleCondition | undefined | 'never'
  readonly bySource: { readonly when: OracleCondition; readonly set: OracleSetting | undefined } | undefined
}

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined })

export const merges: fc.Arbitrary<MergeShape> = fc
  .record({
    deleteWhen: maybe(conditions),
    update: fc.oneof(fc.constant('all' as const), settings, fc.constant(undefined)),
    insertWhen: fc.oneof(fc.constant(undefined), fc.constant('never' as const), conditions),
    bySource: maybe(fc.record({ when: conditions, set: maybe(settings) })),
  })
  .filter(({ deleteWhen, update, insertWhen, bySource }) => {
    return deleteWhen !== undefined || update !== undefined || insertWhen !== 'never' || bySource !== undefined
  })

/** Rows of a source: no key but null comes twice. */
export const uniqueKeys: fc.Arbitrary<Omit<OracleRow, 'uid'>[]> = fc.uniqueArray(rowValues, {
  maxLength: 8,
  selector: ({ key }) => key ?? Symbol('null'),
})
