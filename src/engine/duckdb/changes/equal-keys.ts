import type { StructType } from '../../../schema/data-type.js'
import { sameType } from '../../../schema/same-type.js'
import type { ParsedRowChange, RowChangeText } from '../../row-change.js'
import { list, node, type PlanNode, type PlanValue } from '../planner/plan-json.js'

/** A top-level column in the condition. */
interface Column {
  readonly side: 'target' | 'source'
  readonly name: string
}

/** The columns of one type that a condition wants to be equal, whatever else it asks for. @param statement `SELECT (condition) FROM target, source` */
export function equalKeys(statement: PlanNode, change: RowChangeText): ParsedRowChange['keys'] {
  const [expression] = list(node(statement.node)?.select_list)
  return conjuncts(expression).flatMap((conjunct) => {
    if (conjunct.type !== 'COMPARE_EQUAL') return []
    const [one, other] = [columnOf(conjunct.left, change), columnOf(conjunct.right, change)]
    if (one === undefined || other === undefined || one.side === other.side) return []
    const [target, source] = one.side === 'target' ? [one.name, other.name] : [other.name, one.name]
    return haveOneType(target, source, change) ? [{ target, source }] : []
  })
}

/** How many conditions a statement joins by AND. */
export function countConditions(statement: PlanNode): number {
  const [expression] = list(node(statement.node)?.select_list)
  return conjuncts(expression).length
}

function conjuncts(expression: PlanValue): PlanNode[] {
  const found = node(expression)
  if (found === undefined) return []
  return found.type === 'CONJUNCTION_AND' ? list(found.children).flatMap(conjuncts) : [found]
}

function columnOf(expression: PlanValue, { target, schema, source }: RowChangeText): Column | undefined {
  const found = node(expression)
  if (found?.type !== 'COLUMN_REF' || source === undefined) return undefined
  const names = list(found.column_names).map(String)
  const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase()
  const [first, second] = names
  if (names.length === 2 && second !== undefined) {
    const side = same(target, first) ? 'target' : same(source.name, first) ? 'source' : undefined
    const name = spelled(side === 'source' ? source.schema : schema, second)
    return side === undefined || name === undefined ? undefined : { side, name }
  }
  if (names.length !== 1 || first === undefined) return undefined
  const [ofTarget, ofSource] = [spelled(schema, first), spelled(source.schema, first)]
  if (ofTarget !== undefined && ofSource === undefined) return { side: 'target', name: ofTarget }
  return ofSource !== undefined && ofTarget === undefined ? { side: 'source', name: ofSource } : undefined
}

function spelled({ fields }: StructType, name: string): string | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.name
}

function haveOneType(target: string, source: string, change: RowChangeText): boolean {
  const typeOf = (schema: StructType | undefined, name: string) =>
    schema?.fields.find((field) => field.name === name)?.dataType
  const [a, b] = [typeOf(change.schema, target), typeOf(change.source?.schema, source)]
  return a !== undefined && b !== undefined && sameType(a, b)
}
