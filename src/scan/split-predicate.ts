import type { BoundColumn, BoundNode, BoundPredicate } from '../expressions/bound-predicate.js'

/** A part of a predicate that every row of the answer fulfils. */
export interface Conjunct {
  readonly node: BoundNode
  /** What it names outside opaque SQL. */
  readonly columns: readonly BoundColumn[]
}

/** A predicate, cut at its ANDs into what partition values decide and the rest. */
export interface SplitPredicate {
  /** Decided by partition values alone, or by nothing. */
  readonly byPartition: readonly Conjunct[]
  /** Needs statistics; undefined where nothing does. */
  readonly byStatistics: Conjunct | undefined
}

/** @param isPartition whether a column partitions the table */
export function splitPredicate(
  { root }: BoundPredicate,
  isPartition: (column: BoundColumn) => boolean,
): SplitPredicate {
  const byPartition: Conjunct[] = []
  const rest: Conjunct[] = []
  for (const node of conjuncts(root)) {
    const found = new Map<number, BoundColumn>()
    const opaque = collect(node, found)
    const conjunct = { node, columns: [...found.values()] }
    if (!opaque && conjunct.columns.every(isPartition)) byPartition.push(conjunct)
    else rest.push(conjunct)
  }
  const columns = new Set(rest.flatMap((conjunct) => conjunct.columns))
  // Opaque SQL alone rules nothing out.
  if (columns.size === 0) return { byPartition, byStatistics: undefined }
  // They stay together: what one says of NaN helps the others.
  const nodes = rest.map((conjunct) => conjunct.node)
  const node: BoundNode = nodes.length === 1 ? (nodes[0] as BoundNode) : { op: 'and', children: nodes }
  return { byPartition, byStatistics: { node, columns: [...columns] } }
}

function conjuncts(node: BoundNode): BoundNode[] {
  return node.op === 'and' ? node.children.flatMap(conjuncts) : [node]
}

/** Answers whether opaque SQL is among it. */
function collect(node: BoundNode, found: Map<number, BoundColumn>): boolean {
  switch (node.op) {
    case 'and':
    case 'or':
      return node.children.map((child) => collect(child, found)).includes(true)
    case 'not':
      return collect(node.child, found)
    case 'constant':
      return false
    case 'opaque':
      return true
    default:
      found.set(node.column.index, node.column)
      return false
  }
}
