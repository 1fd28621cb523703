import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { VersionSpec } from '../../../snapshot/snapshot.js'
import type { ErrorContext } from '../duckdb-error.js'
import { list, node, type PlanNode, type PlanValue } from './plan-json.js'

/** The table function that names a table by its URL: `delta_scan('URL', version => 3)`, `delta_scan('URL', timestamp => '...')`. */
export const DELTA_SCAN = 'delta_scan'
export const DELTA_SCAN_PARAMETERS: readonly string[] = ['version', 'timestamp']

/** One table that a query names by URL. */
export interface DeltaScanCall {
  /** Under which the table must stand in a connection, so that the call finds it. */
  readonly tableName: string
  readonly url: string
  readonly version: VersionSpec
}

/**
 * Defines `delta_scan` in a connection: a macro that reads the table of the name that {@link DeltaScanCall.tableName} has for the same
 * arguments. Names are hashed, because DuckDB does not tell capitals from small letters in them.
 */
export async function defineDeltaScan(connection: DuckDBConnection): Promise<void> {
  const key = `concat_ws(chr(10), url, CAST("version" AS VARCHAR), CAST("timestamp" AS VARCHAR))`
  await connection.run(
    `CREATE TEMP MACRO ${DELTA_SCAN}(url, "version" := NULL, "timestamp" := NULL) AS TABLE FROM query_table('${DELTA_SCAN} ' || md5(${key}))`,
  )
}

/** Whether a table stands for a call of `delta_scan`. */
export function isDeltaScanTable(name: string): boolean {
  return name.startsWith(`${DELTA_SCAN} `)
}

/** The table that a call of `delta_scan` in a syntax tree names. Its arguments must be constants. */
export function deltaScanCall(call: PlanNode, context: ErrorContext): DeltaScanCall {
  let url: string | undefined
  let version: VersionSpec = {}
  let key = ''
  for (const argument of list(call.children)) {
    const name = String(node(argument)?.alias ?? '').toLowerCase()
    const value = constantOf(argument)
    if (name === '' && url === undefined && typeof value === 'string') url = value
    else if (name === 'version' && typeof value === 'number' && key === '') version = { version: value }
    else if (name === 'timestamp' && typeof value === 'string' && key === '') version = { timestamp: value }
    else throw misused(context)
    if (name !== '') key = `\n${value}`
  }
  if (url === undefined) throw misused(context)
  const hash = createHash('md5').update(`${url}${key}`).digest('hex')
  return { tableName: `${DELTA_SCAN} ${hash}`, url, version }
}

function constantOf(argument: PlanValue): PlanValue {
  const found = node(argument)
  return found?.type === 'VALUE_CONSTANT' ? node(found.value)?.value : undefined
}

function misused(context: ErrorContext): DeltaError {
  return new DeltaError(
    context.sqlCode,
    `${context.what}: delta_scan takes the URL of a table and, if you like, one of version => 3 and timestamp => '2026-01-01T00:00:00Z', all written out.`,
  )
}
