import { parseColumnPath } from '../expressions/column-path.js'
import { DATA_SKIPPING_NUM_INDEXED_COLS, DATA_SKIPPING_STATS_COLUMNS } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { StructField, StructType } from '../schema/data-type.js'

/**
 * The columns that get statistics: those that `delta.dataSkippingStatsColumns` names (a struct stands for all its fields), else the first
 * `delta.dataSkippingNumIndexedCols` leaf columns, as Spark counts them: an array or a map is one.
 * @param stored the columns that data files have, by logical names
 */
export function indexedColumns(
  stored: StructType,
  table: { readonly configuration: { readonly [key: string]: string } },
): StructType {
  const names = tableProperty(table, DATA_SKIPPING_STATS_COLUMNS)
  if (names !== undefined && names.trim() !== '')
    return namedColumns(stored, splitColumnNames(names).map(parseColumnPath))
  const limit = tableProperty(table, DATA_SKIPPING_NUM_INDEXED_COLS)
  return limit < 0 ? stored : firstColumns(stored, { left: limit })
}

function firstColumns(struct: StructType, budget: { left: number }): StructType {
  const fields: StructField[] = []
  for (const field of struct.fields) {
    if (budget.left <= 0) break
    if (field.dataType.type === 'struct') {
      fields.push({ ...field, dataType: firstColumns(field.dataType, budget) })
    } else {
      budget.left--
      fields.push(field)
    }
  }
  return { type: 'struct', fields }
}

/** Names that the table lacks are passed over: the property outlives a dropped column. */
function namedColumns(struct: StructType, paths: readonly (readonly string[])[]): StructType {
  const fields = struct.fields.flatMap((field): StructField[] => {
    const below = paths
      .filter(([name]) => name?.toLowerCase() === field.name.toLowerCase())
      .map((path) => path.slice(1))
    if (below.length === 0) return []
    if (below.some((path) => path.length === 0)) return [field]
    return field.dataType.type === 'struct' ? [{ ...field, dataType: namedColumns(field.dataType, below) }] : []
  })
  return { type: 'struct', fields }
}

/** The names in `delta.dataSkippingStatsColumns`: commas separate them, except inside backquotes. */
export function splitColumnNames(text: string): string[] {
  return [...text.matchAll(/(?:`(?:[^`]|``)*`|[^,`])+/g)].map(([name]) => name.trim()).filter((name) => name !== '')
}
