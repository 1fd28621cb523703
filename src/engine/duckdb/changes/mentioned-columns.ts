import type { StructType } from '../../../schema/data-type.js'
import { list, nodesOf, type PlanNode } from '../planner/plan-json.js'

/**
 * The columns of a table that an expression may read: those whose names stand in it, as the schema spells them. A field of a struct that is called as a column counts as the column.
 *
 * @param table its name in the SQL: by itself it stands for all columns
 */
export function mentionedColumns(syntax: PlanNode, table: string, schema: StructType): readonly string[] {
  const mentioned = new Set<string>()
  let isWhole = false
  for (const found of nodesOf(syntax)) {
    if (found.class === 'STAR') isWhole = true
    if (found.class !== 'COLUMN_REF') continue
    const parts = list(found.column_names).map((part) => String(part).toLowerCase())
    if (parts.length === 1 && parts[0] === table.toLowerCase()) isWhole = true
    for (const part of parts) mentioned.add(part)
  }
  return schema.fields.map(({ name }) => name).filter((name) => isWhole || mentioned.has(name.toLowerCase()))
}
