import type { DataType, DecimalType, StructType } from '../../schema/data-type.js'
import { formatDate } from '../../schema/date-text.js'
import { formatDecimal, formatFloating } from '../../schema/number-text.js'
import type { Scalar } from '../../schema/scalar.js'
import { formatTimestamp } from '../../schema/timestamp-text.js'
import type { ColumnTree, FileStatistics } from './file-statistics.js'

/**
 * The `stats` of an add action (PROTOCOL.md, "Per-file Statistics"). Timestamps are cut down to milliseconds, as the protocol says; NaN and the
 * infinities, which JSON cannot say, are left out, and so are the extremes of binary columns. Strings are written as they are: cut them
 * with string-bound.ts before.
 * @param schema by **physical** names; trees are written in its order, columns that it lacks are not written.
 */
export function serializeStatistics(statistics: FileStatistics, schema: StructType): string {
  const members: string[] = []
  if (statistics.numRecords !== undefined) members.push(`"numRecords":${statistics.numRecords}`)
  members.push(`"minValues":${treeJson(statistics.minValues, schema, boundJson)}`)
  members.push(`"maxValues":${treeJson(statistics.maxValues, schema, boundJson)}`)
  members.push(`"nullCount":${treeJson(statistics.nullCount, schema, String)}`)
  if (!statistics.tightBounds) members.push('"tightBounds":false')
  return `{${members.join(',')}}`
}

function treeJson<T>(
  tree: ColumnTree<T>,
  schema: StructType,
  leaf: (value: T, type: DataType) => string | undefined,
): string {
  const members: string[] = []
  for (const { name, dataType } of schema.fields) {
    const value = tree.get(name)
    if (value === undefined) continue
    const json =
      dataType.type === 'struct' ? treeJson(value as ColumnTree<T>, dataType, leaf) : leaf(value as T, dataType)
    if (json !== undefined) members.push(`${JSON.stringify(name)}:${json}`)
  }
  return `{${members.join(',')}}`
}

function boundJson(value: Scalar, type: DataType): string | undefined {
  switch (type.type) {
    case 'string':
      return JSON.stringify(value)
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return String(value)
    case 'float':
    case 'double':
      return Number.isFinite(value) ? formatFloating(value as number, type.type) : undefined
    case 'decimal':
      return formatDecimal(value as bigint, (type as DecimalType).scale)
    case 'date':
      return JSON.stringify(formatDate(value as number))
    case 'timestamp':
      return JSON.stringify(`${formatTimestamp(value as bigint, { separator: 'T', digits: 3 })}Z`)
    case 'timestamp_ntz':
      return JSON.stringify(formatTimestamp(value as bigint, { separator: 'T', digits: 3 }))
    default:
      return undefined
  }
}
