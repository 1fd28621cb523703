import type { ColumnPath, Predicate } from '../../../expressions/predicate.js'
import { list, node, type PlanNode, type PlanValue } from './plan-json.js'
import { conjunction, disjunction, planPredicate, type Translated } from './plan-predicate.js'

/** What a query needs of one table. */
export interface TableNeeds {
  /** Top-level columns, in no order. */
  readonly columns: ReadonlySet<string>
  /** Rows that do not fulfil it can be left out without changing the answer. Absent: all are needed. */
  readonly predicate?: Predicate
}

/** A filter that stands directly above the scan of a table. */
interface Filtered {
  readonly expressions: readonly PlanValue[]
}

/** What an optimised plan reads of each table, by the table's name. A table that is scanned several times needs the union. */
export function tableNeeds(plan: PlanNode): ReadonlyMap<string, TableNeeds> {
  const found = new Map<string, { columns: Set<string>; reads: Translated[] }>()
  visit(plan, undefined, (get, filter) => {
    const table = node(get.function_data)?.table
    if (typeof table !== 'string') return
    const entry = found.get(table) ?? { columns: new Set<string>(), reads: [] }
    found.set(table, entry)
    const names = list(get.names).map(String)
    const read = outputs(get, names)
    for (const path of read) if (path?.[0] !== undefined) entry.columns.add(path[0])
    entry.reads.push(conjunction([...pushedDown(get, names), ...filtered(get, read, filter)]))
  })
  return new Map(
    [...found].map(([table, { columns, reads }]) => {
      const { predicate } = disjunction(reads)
      const everything = reads.some((read) => read.predicate.op === 'constant' && read.predicate.value === true)
      return [table, everything ? { columns } : { columns, predicate }]
    }),
  )
}

/** The expressions of the filter above the only scan of a plan, translated and joined by AND. */
export function filterOf(plan: PlanNode): Translated {
  let translated: Translated | undefined
  visit(plan, undefined, (get, filter) => {
    translated = conjunction(filtered(get, outputs(get, list(get.names).map(String)), filter))
  })
  // Without a scan the condition was found to be never true.
  return translated ?? { predicate: { op: 'constant', value: false }, exact: true }
}

function visit(
  operator: PlanNode,
  filter: Filtered | undefined,
  onGet: (get: PlanNode, filter: Filtered | undefined) => void,
): void {
  if (operator.type === 'LOGICAL_GET') onGet(operator, filter)
  const below = operator.type === 'LOGICAL_FILTER' ? { expressions: list(operator.expressions) } : undefined
  for (const child of list(operator.children)) visit(child as PlanNode, below, onGet)
}

/** What a scan reads: columns, and fields of structs where the struct itself is not needed. Undefined for what is no column, such as row numbers. */
function outputs(get: PlanNode, names: readonly string[]): (ColumnPath | undefined)[] {
  return list(get.column_indexes).map((column) => {
    const index = Number(node(column)?.index)
    const name = names[index]
    if (name === undefined) return undefined
    const isExtracted = node(column)?.index_type === 'PUSHDOWN_EXTRACT'
    return isExtracted ? [name, ...extractedPath(node(column), list(get.returned_types)[index])] : [name]
  })
}

function extractedPath(column: PlanNode | undefined, type: PlanValue): string[] {
  const child = node(list(column?.child_indexes)[0])
  if (child === undefined) return []
  const field = node(list(node(node(type)?.type_info)?.child_types)[Number(child.index)])
  return [String(field?.first), ...extractedPath(child, field?.second)]
}

/** Positions in the filter's input are positions in the scan's output. */
function filtered(
  get: PlanNode,
  read: readonly (ColumnPath | undefined)[],
  filter: Filtered | undefined,
): Translated[] {
  const projection = list(get.projection_ids).map(Number)
  const columnOf = (index: number): ColumnPath | undefined => {
    return read[projection.length > 0 ? (projection[index] as number) : index]
  }
  return (filter?.expressions ?? []).map((expression) => planPredicate(expression, columnOf))
}

function pushedDown(get: PlanNode, names: readonly string[]): Translated[] {
  return list(node(get.table_filters)?.filters).map((entry) => {
    const name = names[Number(node(entry)?.key)]
    const filter = node(node(entry)?.value)
    return name === undefined || filter === undefined ? conjunction([]) : tableFilter(filter, [name])
  })
}

/** A filter in the form in which scans take them: a tree about one column. */
function tableFilter(filter: PlanNode, path: ColumnPath): Translated {
  const reference = { type: 'BOUND_REF', index: 0 }
  const columnOf = (): ColumnPath => path
  switch (filter.filter_type) {
    case 'CONSTANT_COMPARISON':
      return planPredicate(
        { type: filter.comparison_type, left: reference, right: constant(filter.constant) },
        columnOf,
      )
    case 'IN_FILTER':
      return planPredicate(
        { type: 'COMPARE_IN', children: [reference, ...list(filter.values).map(constant)] },
        columnOf,
      )
    case 'IS_NULL':
      return planPredicate({ type: 'OPERATOR_IS_NULL', children: [reference] }, columnOf)
    case 'IS_NOT_NULL':
      return planPredicate({ type: 'OPERATOR_IS_NOT_NULL', children: [reference] }, columnOf)
    case 'EXPRESSION_FILTER':
      return planPredicate(filter.expr, columnOf)
    case 'CONJUNCTION_AND':
      return conjunction(children(filter).map((child) => tableFilter(child, path)))
    case 'CONJUNCTION_OR':
      return disjunction(children(filter).map((child) => tableFilter(child, path)))
    case 'STRUCT_EXTRACT': {
      const field = node(filter.child_filter)
      return field === undefined ? conjunction([]) : tableFilter(field, [...path, String(filter.child_name)])
    }
    case 'OPTIONAL_FILTER': {
      const child = node(filter.child_filter)
      return child === undefined ? conjunction([]) : tableFilter(child, path)
    }
    default:
      // Filters that only exist while the query runs.
      return { predicate: { op: 'constant', value: true }, exact: false }
  }
}

function constant(value: PlanValue): PlanNode {
  return { type: 'VALUE_CONSTANT', value: node(value) }
}

function children(filter: PlanNode): PlanNode[] {
  return list(filter.child_filters)
    .map(node)
    .filter((child) => child !== undefined)
}
