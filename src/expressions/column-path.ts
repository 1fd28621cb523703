import { DeltaError } from '../errors/delta-error.js'
import type { ColumnPath } from './predicate.js'

const STEP = /(?:`(?<quoted>(?:[^`]|``)+)`|(?<plain>[^`.]+))(?:\.|$)/y

/**
 * The path behind a text such as `address.city`: dots separate the names, backquotes keep a dot inside a name (`` `a.b`.c ``). A list of names
 * is taken as it is. InvalidPredicate where a name is empty or a backquote is not closed.
 */
export function parseColumnPath(column: string | ColumnPath): ColumnPath {
  if (typeof column !== 'string') {
    if (column.length === 0) throw invalidPath('')
    return [...column]
  }
  const path: string[] = []
  let position = 0
  while (position < column.length) {
    STEP.lastIndex = position
    const groups = STEP.exec(column)?.groups
    if (groups === undefined) throw invalidPath(column)
    path.push(groups.plain ?? (groups.quoted as string).replaceAll('``', '`'))
    position = STEP.lastIndex
  }
  if (path.length === 0 || column.endsWith('.')) throw invalidPath(column)
  return path
}

function invalidPath(column: string): DeltaError {
  return new DeltaError(
    'InvalidPredicate',
    `${JSON.stringify(column)} names no column. Write a name, names separated by dots for a field of a struct, or a list of names.`,
    { details: { column } },
  )
}
