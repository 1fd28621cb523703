import type { StructType } from '../../../schema/data-type.js'
import type { ErrorContext } from '../duckdb-error.js'
import { DELTA_SCAN, DELTA_SCAN_PARAMETERS, type DeltaScanCall, deltaScanCall } from './delta-scan.js'
import { list, node, nodesOf, type PlanNode, type PlanValue } from './plan-json.js'
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
  /** Whether `WITH name AS (...)` can be put in front of it, and its tables are found there. */
  readonly takesWith: boolean
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
    const { text: sql, syntax } = await quoteColumns(connection, text, columns, context)
    const statement = checkSelect(syntax, context)
    const nodes = [...nodesOf(statement)]
    const named = new Set(nodes.map((found) => String(found.table_name ?? '').toLowerCase()))
    return {
      sql,
      tables: [...schemas.keys()].filter((name) => named.has(name.toLowerCase())),
      deltaScans: nodes.filter(isDeltaScan).map((call) => deltaScanCall(call, context)),
      takesWith: takesWith(statement, nodes),
    }
  })
}

function isDeltaScan(found: PlanNode): boolean {
  return found.class === 'FUNCTION' && String(found.function_name).toLowerCase() === DELTA_SCAN
}

function takesWith(statement: PlanNode, nodes: readonly PlanNode[]): boolean {
  const top = node(statement.node)
  const isQuery = top?.type === 'SELECT_NODE' || top?.type === 'SET_OPERATION_NODE'
  const hasOwn = list(node(top?.cte_map)?.map).length > 0
  const isElsewhere = nodes.some(
    (found) => found.type === 'SHOW_REF' || isNonEmpty(found.schema_name) || isDeltaScan(found),
  )
  return isQuery && !hasOwn && !isElsewhere
}

function isNonEmpty(value: PlanValue): boolean {
  return typeof value === 'string' && value !== ''
}
