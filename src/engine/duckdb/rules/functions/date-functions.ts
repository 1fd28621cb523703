import { quoteText } from '../../../../expressions/sql-quote.js'
import { castTo, naive } from '../cast.js'
import { isIntegral } from '../numbers.js'
import { describeType, failing, refused, type TypedSql, typed } from '../typed-sql.js'
import { binary, type SparkFunction, type SparkFunctions, unary, writtenText } from './spark-function.js'

/** What `date_trunc` and `trunc` may cut down to, by DuckDB's name. */
const UNITS: { readonly [name: string]: string } = {
  year: 'year',
  yyyy: 'year',
  yy: 'year',
  quarter: 'quarter',
  month: 'month',
  mon: 'month',
  mm: 'month',
  week: 'week',
}
const TIME_UNITS: { readonly [name: string]: string } = {
  ...UNITS,
  day: 'day',
  dd: 'day',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
}

/** The parts of Spark's patterns that mean the same in `strftime`. */
const PATTERNS: { readonly [part: string]: string } = {
  yyyy: '%Y',
  MM: '%m',
  dd: '%d',
  HH: '%H',
  mm: '%M',
  ss: '%S',
}

/** Functions of dates and timestamps. Zones are UTC. */
export const DATE_FUNCTIONS: SparkFunctions = {
  year: part('year'),
  quarter: part('quarter'),
  month: part('month'),
  day: part('day'),
  dayofmonth: part('day'),
  dayofyear: part('dayofyear'),
  weekofyear: part('week'),
  dayofweek: part('dayofweek', ' + 1'),
  weekday: part('isodow', ' - 1'),
  hour: clockPart('hour'),
  minute: clockPart('minute'),
  second: clockPart('second'),
  date: unary(dateOf),
  to_date: unary(dateOf),
  last_day: unary((x) => typed(`last_day(${dateOf(x).sql})`, 'date')),
  date_add: binary((x, days) => typed(`(${dateOf(x).sql} + ${whole(days)})`, 'date')),
  date_sub: binary((x, days) => typed(`(${dateOf(x).sql} - ${whole(days)})`, 'date')),
  datediff: binary((end, start) => typed(`CAST(${dateOf(end).sql} - ${dateOf(start).sql} AS INTEGER)`, 'integer')),
  add_months: binary((x, months) => typed(`CAST(${dateOf(x).sql} + to_months(${whole(months)}) AS DATE)`, 'date')),
  trunc: binary((x, unit) => {
    const name = unitOf(unit, UNITS)
    return typed(`CAST(date_trunc('${name}', ${naive(dateOf(x))}) AS DATE)`, 'date')
  }),
  date_trunc: binary((unit, x) => {
    const name = unitOf(unit, TIME_UNITS)
    if (x.type.type !== 'date' && x.type.type !== 'timestamp')
      throw refused(`date_trunc of ${describeType(x)} is taken`)
    return typed(`(date_trunc('${name}', ${naive(x)}) AT TIME ZONE 'UTC')`, 'timestamp')
  }),
  date_format: binary(dateFormat),
  current_date: {
    least: 0,
    sql: (_, { now }) => castTo(typed(`make_timestamptz(CAST(${now} AS BIGINT))`, 'timestamp'), { type: 'date' }),
  },
  current_timestamp: now('timestamp'),
  now: now('timestamp'),
  localtimestamp: now('timestamp_ntz'),
}

function now(type: 'timestamp' | 'timestamp_ntz'): SparkFunction {
  const make = type === 'timestamp' ? 'make_timestamptz' : 'make_timestamp'
  return { least: 0, sql: (_, scope) => typed(`${make}(CAST(${scope.now} AS BIGINT))`, type) }
}

function part(name: string, shift = ''): SparkFunction {
  return unary((x) => typed(`CAST(${name}(${naive(temporal(x))})${shift} AS INTEGER)`, 'integer'))
}

/** A date has no time of day. */
function clockPart(name: string): SparkFunction {
  return unary((x) => {
    if (x.type.type === 'date') throw refused(`The ${name} of a DATE is taken`)
    return typed(`CAST(${name}(${naive(temporal(x))}) AS INTEGER)`, 'integer')
  })
}

function temporal(x: TypedSql): TypedSql {
  if (x.type.type === 'date' || x.type.type === 'timestamp' || x.type.type === 'timestamp_ntz') return x
  throw refused(`${describeType(x)} is taken for a date or timestamp`)
}

function dateOf(x: TypedSql): TypedSql {
  return castTo(x.literal !== undefined ? x : temporal(x), { type: 'date' })
}

function whole(x: TypedSql): string {
  if (!isIntegral(x.type)) throw refused(`${describeType(x)} is taken for a number of days or months`)
  return `CAST(${x.sql} AS INTEGER)`
}

function unitOf(unit: TypedSql, units: { readonly [name: string]: string }): string {
  const name = writtenText(unit, 'What a date is cut down to').toLowerCase()
  const found = units[name]
  if (found === undefined) throw refused(`A date is cut down to "${name}"`)
  return found
}

function dateFormat(x: TypedSql, pattern: TypedSql): TypedSql {
  const text = writtenText(pattern, 'The pattern of date_format')
  const parts = text.match(/([A-Za-z])\1*|'[^']+'|[^A-Za-z']+|'/g) ?? []
  const format = parts.map((each) => {
    if (/^'.+'$/.test(each)) return each.slice(1, -1).replaceAll('%', '%%')
    if (!/^[A-Za-z'[\]{}#]/.test(each) && !/[[\]{}#]/.test(each)) return each.replaceAll('%', '%%')
    const same = PATTERNS[each]
    if (same === undefined) throw refused(`date_format has the pattern "${text}"`)
    return same
  })
  const instant = naive(temporal(x))
  const bad = failing('a date that is to be formatted is out of the years 1000 to 9999', { type: 'string' })
  const result = `strftime(${instant}, ${quoteText(format.join(''))})`
  return typed(`CASE WHEN year(${instant}) NOT BETWEEN 1000 AND 9999 THEN ${bad} ELSE ${result} END`, 'string')
}
