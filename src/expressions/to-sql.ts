import type { StructType } from '../schema/data-type.js'
import { bindPredicate } from './bind.js'
import type { BoundColumn, BoundNode } from './bound-predicate.js'
import type { Predicate } from './predicate.js'
import { scalarSql } from './scalar-sql.js'
import { quoteIdentifier, quoteText } from './sql-quote.js'

const OPERATORS = { eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' } as const

/**
 * A predicate as a boolean expression of DuckDB's SQL that is true, false and null for the same rows. Names and values are quoted; `opaque` SQL stands in parentheses
 * as it is.
 * @param schema of the rows: literals get the types of its columns. Throws as `bindPredicate` does.
 */
export function predicateToSql(predicate: Predicate, schema: StructType): string {
  return nodeSql(bindPredicate(predicate, schema).root)
}

function nodeSql(node: BoundNode): string {
  switch (node.op) {
    case 'compare':
      return `(${columnSql(node.column)} ${OPERATORS[node.comparison]} ${scalarSql(node.value, node.column.dataType)})`
    case 'in':
      return membershipSql(node)
    case 'startsWith':
      return `starts_with(${columnSql(node.column)}, ${quoteText(node.prefix)})`
    case 'isNull':
      return `(${columnSql(node.column)} IS NULL)`
    case 'unlessNull':
      return unlessNullSql(node.column, node.value)
    case 'and':
      return joinSql(node.children, 'AND', 'TRUE')
    case 'or':
      return joinSql(node.children, 'OR', 'FALSE')
    case 'not':
      return `(NOT ${nodeSql(node.child)})`
    case 'constant':
      return node.value === null ? 'CAST(NULL AS BOOLEAN)' : node.value ? 'TRUE' : 'FALSE'
    case 'opaque':
      // The line break ends a comment that the text may end with.
      return node.sql.includes('--') ? `(${node.sql}\n)` : `(${node.sql})`
  }
}

function columnSql({ path: [name = '', ...steps] }: BoundColumn): string {
  return steps.reduce((struct, step) => `struct_extract(${struct}, ${quoteText(step)})`, quoteIdentifier(name))
}

function membershipSql({ column, values, orNull }: Extract<BoundNode, { op: 'in' }>): string {
  if (values.length === 0) return orNull ? 'CAST(NULL AS BOOLEAN)' : unlessNullSql(column, false)
  const list = values.map((value) => scalarSql(value, column.dataType))
  return `(${columnSql(column)} IN (${[...list, ...(orNull ? ['NULL'] : [])].join(', ')}))`
}

function unlessNullSql(column: BoundColumn, value: boolean): string {
  return `(CASE WHEN ${columnSql(column)} IS NULL THEN NULL ELSE ${value ? 'TRUE' : 'FALSE'} END)`
}

function joinSql(children: readonly BoundNode[], operator: string, empty: string): string {
  return children.length === 0 ? empty : `(${children.map(nodeSql).join(` ${operator} `)})`
}
