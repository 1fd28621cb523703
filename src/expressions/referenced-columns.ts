import type { ColumnPath, Predicate } from './predicate.js'

/** The columns that a predicate names outside opaque SQL, as it spells them, once each. */
export function referencedColumns(predicate: Predicate): ColumnPath[] {
  const found = new Map<string, ColumnPath>()
  collect(predicate, found)
  return [...found.values()]
}

function collect(predicate: Predicate, found: Map<string, ColumnPath>): void {
  switch (predicate.op) {
    case 'and':
    case 'or':
      for (const child of predicate.children) collect(child, found)
      break
    case 'not':
      collect(predicate.child, found)
      break
    case 'constant':
    case 'opaque':
      break
    default:
      found.set(JSON.stringify(predicate.column), predicate.column)
  }
}
