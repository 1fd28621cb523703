import { dirname } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { Literal, Predicate } from '../../../expressions/predicate.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType } from '../../../schema/data-type.js'
import { formatTimestamp } from '../../../schema/timestamp-text.js'
import type { QueryOptions } from '../../query-engine.js'
import type { ParsedRowChange, SourceRows } from '../../row-change.js'
import type { ErrorContext } from '../duckdb-error.js'
import type { EngineContext } from '../engine-context.js'
import { runStatement } from '../run-statement.js'
import { readSource } from './spool-query.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidInput', what: 'The source cannot be read' }

/** Nothing can be said. */
const ANYTHING: Predicate = { op: 'constant', value: true }

/** With so few values each of them is looked for; with more, only the least and the greatest. */
const MAX_VALUES = 1_000
const SAMPLE_ROWS = 10_000

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
    const children: Predicate[] = []
    for (const key of bounded) children.push(await boundOf(lease.connection, source, key, signal))
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

async function boundOf(
  connection: DuckDBConnection,
  source: SourceRows,
  { target, source: name, type, value }: BoundedKey,
  signal: AbortSignal | undefined,
): Promise<Predicate> {
  const column = quoteIdentifier(name)
  const from = readSource(source)
  const path = [target]
  const select = (sql: string): ReturnType<typeof runStatement> => runStatement(connection, sql, CONTEXT, { signal })
  // A sample tells for most keys that they are many.
  const [sample] =
    source.numRows > SAMPLE_ROWS
      ? await select(`SELECT count(DISTINCT ${column}) AS n FROM (SELECT ${column} FROM ${from} LIMIT ${SAMPLE_ROWS})`)
      : []
  const distinct = `SELECT DISTINCT ${column} AS k FROM ${from} WHERE ${column} IS NOT NULL LIMIT ${MAX_VALUES + 1}`
  const values =
    Number(sample?.n ?? 0) > MAX_VALUES ? undefined : await select(`SELECT ${value('k')} AS v FROM (${distinct})`)
  if (values !== undefined && values.length <= MAX_VALUES) {
    const literals = values.map(({ v }) => literal(v, type))
    return literals.every(isSaid) ? { op: 'in', column: path, values: literals } : ANYTHING
  }
  const range = `SELECT ${value(`min(${column})`)} AS low, ${value(`max(${column})`)} AS high FROM ${from}`
  const [row] = await select(range)
  const [low, high] = [literal(row?.low, type), literal(row?.high, type)]
  if (!isSaid(low) || !isSaid(high)) return ANYTHING
  const children = [{ op: 'ge', column: path, value: low } as const, { op: 'le', column: path, value: high } as const]
  return { op: 'and', children }
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
