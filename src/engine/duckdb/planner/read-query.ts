import type { StructType } from '../../../schema/data-type.js'
import type { ErrorContext } from '../duckdb-error.js'
import { DELTA_SCAN, DELTA_SCAN_PARAMETERS, type DeltaScanCall, deltaScanCall } from './delta-scan.js'
import { nodesOf, type PlanNode } from './plan-json.js'
import type { Planner } from './planner.js'
import { columnNames, quoteColumns } from './quote-columns.js'
import { checkSelect } from './select-statement.js'

/** A query as its text says it: one SELECT over named tables. */
export interface ReadQuery {
  /** The text, with columns quoted where they must be. */
  readonly sql: string
  /** The given tables that it names. */
  readonly tables: readonly string[]
  /** The tables that it names by URL. */
  readonly deltaScans: readonly DeltaScanCall[]
}

/**
 * Reads the text of a query: refuses what is not one SELECT, and finds the tables in it.
 * @param schemas of the given tables, by name
 * @throws what `context` calls an error in the SQL
 */
export async function readQuery(
  planner: Planner,
  text: string,
  schemas: ReadonlyMap<string, StructType>,
  context: ErrorContext,
): Promise<ReadQuery> {
  return planner.withTables(new Map(), async (connection) => {
    const columns = [...[...schemas.values()].flatMap(columnNames), ...DELTA_SCAN_PARAMETERS]
    const sql = await quoteColumns(connection, text, columns, context)
    const nodes = [...nodesOf(await checkSelect(connection, sql, context))]
    const named = new Set(nodes.map((node) => String(node.table_name ?? '').toLowerCase()))
    return {
      sql,
      tables: [...schemas.keys()].filter((name) => named.has(name.toLowerCase())),
      deltaScans: nodes.filter(isDeltaScan).map((node) => deltaScanCall(node, context)),
    }
  })
}

function isDeltaScan(node: PlanNode): boolean {
  return node.class === 'FUNCTION' && String(node.function_name).toLowerCase() === DELTA_SCAN
}
