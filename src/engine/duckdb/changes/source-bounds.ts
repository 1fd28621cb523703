import { dirname } from 'node:path'
import type { DuckDBValue } from '@duckdb/node-api'
import type { Literal, Predicate } from '../../../expressions/predicate.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType } from '../../../schema/data-type.js'
import { formatTimestamp } from '../../../schema/timestamp-text.js'
import type { QueryOptions } from '../../query-engine.js'
import type { ParsedRowChange, SourceRows } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import { runStatement } from '../run-statement.js'
import { isVirtualColumn } from '../virtual-columns.js'
import { SOURCE_CONTEXT } from './connect-source.js'
import { readSource } from './spool-query.js'

/** Nothing can be said. */
const ANYTHING: Predicate = { op: 'constant', value: true }

/** With so few values each of them is looked for; with more, only the least and the greatest. */
const MAX_VALUES = 1_000
const SAMPLE_ROWS = 10_000
/** More than a count without much memory is off. */
const SAMPLE_ERROR = 1.2

/** See {@link QueryEngine.sourceBounds}. */
export async function sourceBounds(
  engine: EngineContext,
  source: SourceRows,
  keys: ParsedRowChange['keys'],
  { signal }: QueryOptions,
): Promise<Predicate | undefined> {
  const bounded = keys.flatMap((key) => {
    const type = source.schema.fields.find(({ name }) => name === key.source)?.dataType
    const value = type && valueText(type)
    return type === undefined || value === undefined ? [] : [{ ...key, type, value }]
  })
  if (bounded.length === 0) return undefined
  const lease = await engine.instances.connect(source.paths.map((path) => dirname(path)))
  try {
    const select = (sql: string): ReturnType<typeof runStatement> =>
      runStatement(lease.connection, sql, SOURCE_CONTEXT, { signal })
    const from = readSource(source)
    const seen = await sampled(select, source, bounded)
    const many = bounded.filter((_, i) => (seen[i] as number) > MAX_VALUES)
    const ranges = await rangesOf(select, from, many)
    const children: Predicate[] = []
    for (const key of bounded) {
      children.push(
        ranges.get(key) ??
          (await valuesOf(select, from, key)) ??
          (await rangesOf(select, from, [key])).get(key) ??
          ANYTHING,
      )
    }
    const [only] = children
    return children.length === 1 ? only : { op: 'and', children }
  } finally {
    lease.release()
  }
}

interface BoundedKey {
  readonly target: string
  readonly source: string
  readonly type: DataType
  /** SQL that makes a text of a value. */
  readonly value: (x: string) => string
}

type Select = (sql: string) => ReturnType<typeof runStatement>

/** About how many values each key has, or has in a sample, which tells for most keys that they are many. */
async function sampled(select: Select, source: SourceRows, keys: readonly BoundedKey[]): Promise<number[]> {
  if (source.numRows <= MAX_VALUES) return keys.map(() => 0)
  const columns = keys.map(({ source }, i) => `${quoteIdentifier(source)} AS k${i}`).join(', ')
  const counts = keys.map((_, i) => `approx_count_distinct(k${i}) AS n${i}`).join(', ')
  // Faster than a limit, where it says the same.
  const isPosition = source.paths.length === 1 && !source.schema.fields.some(({ name }) => isVirtualColumn(name))
  const some = isPosition ? `WHERE file_row_number < ${SAMPLE_ROWS}` : `LIMIT ${SAMPLE_ROWS}`
  const [row] = await select(`SELECT ${counts} FROM (SELECT ${columns} FROM ${readSource(source)} ${some})`)
  // It may be a few percent off.
  return keys.map((_, i) => Number(row?.[`n${i}`] ?? 0) / SAMPLE_ERROR)
}

/** Each value of a key; undefined where they are many, or one cannot be said. */
async function valuesOf(
  select: Select,
  from: string,
  { target, source, type, value }: BoundedKey,
): Promise<Predicate | undefined> {
  const column = quoteIdentifier(source)
  const distinct = `SELECT DISTINCT ${column} AS k FROM ${from} WHERE ${column} IS NOT NULL LIMIT ${MAX_VALUES + 1}`
  const rows = await select(`SELECT ${value('k')} AS v FROM (${distinct})`)
  if (rows.length > MAX_VALUES) return undefined
  const values = rows.map(({ v }) => literal(v, type))
  return values.every(isSaid) ? { op: 'in', column: [target], values } : ANYTHING
}

/** The least and the greatest value of each key. */
async function rangesOf(
  select: Select,
  from: string,
  keys: readonly BoundedKey[],
): Promise<Map<BoundedKey, Predicate>> {
  if (keys.length === 0) return new Map()
  const ends = keys.flatMap(({ source, value }, i) => {
    const column = quoteIdentifier(source)
    return [`${value(`min(${column})`)} AS low${i}`, `${value(`max(${column})`)} AS high${i}`]
  })
  const [row] = await select(`SELECT ${ends.join(', ')} FROM ${from}`)
  return new Map(
    keys.map((key, i) => {
      const column = [key.target]
      const [low, high] = [literal(row?.[`low${i}`], key.type), literal(row?.[`high${i}`], key.type)]
      if (!isSaid(low) || !isSaid(high)) return [key, ANYTHING]
      const children = [{ op: 'ge', column, value: low } as const, { op: 'le', column, value: high } as const]
      return [key, { op: 'and', children }]
    }),
  )
}

function isSaid(value: Literal | undefined): value is Literal {
  return value !== undefined
}

/** Undefined for types whose values are not compared here: floats know NaN, and of nested ones there are no statistics. */
function valueText(type: DataType): ((x: string) => string) | undefined {
  switch (type.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
    case 'string':
      return (x) => `CAST(${x} AS VARCHAR)`
    case 'date':
      return (x) => `CAST(epoch_us(CAST(${x} AS TIMESTAMP)) AS VARCHAR)`
    case 'timestamp':
    case 'timestamp_ntz':
      return (x) => `CAST(epoch_us(${x}) AS VARCHAR)`
    default:
      return undefined
  }
}

/** Undefined for years before 1 and after 9999, which are written differently everywhere. */
function literal(text: DuckDBValue | undefined, { type }: DataType): Literal | undefined {
  const value = String(text)
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return BigInt(value)
    case 'date':
      return commonTime(value)?.split('T')[0]
    case 'timestamp': {
      const time = commonTime(value)
      return time && `${time}Z`
    }
    case 'timestamp_ntz':
      return commonTime(value)
    default:
      return value
  }
}

function commonTime(micros: string): string | undefined {
  const text = formatTimestamp(BigInt(micros), { separator: 'T', digits: 6 })
  return /^\d{4}-/.test(text) && !text.startsWith('0000') ? text : undefined
}
