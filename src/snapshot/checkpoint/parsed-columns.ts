import { MicrosecondDate } from '../../arrow/microsecond-date.js'
import { structOf } from '../../log/checkpoint/checkpoint-schema.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import type { ColumnTree } from '../../protocol/statistics/file-statistics.js'
import { parseStatistics } from '../../protocol/statistics/parse-statistics.js'
import { columnMappingMode, physicalSchema } from '../../schema/column-mapping.js'
import type { DataType, StructField, StructType } from '../../schema/data-type.js'
import { formatDate } from '../../schema/date-text.js'
import { formatDecimal } from '../../schema/number-text.js'
import type { Scalar } from '../../schema/scalar.js'
import { formatTimestamp } from '../../schema/timestamp-text.js'
import type { Snapshot } from '../snapshot.js'

/** The columns `stats_parsed` and `partitionValues_parsed` of a checkpoint (PROTOCOL.md, "Checkpoint Schema"). */
export interface ParsedColumns {
  readonly types: { readonly stats: StructType; readonly partitionValues: StructType }
  values(add: AddFile): object
}

const WITHOUT_BOUNDS: ReadonlySet<DataType['type']> = new Set(['boolean', 'binary', 'array', 'map', 'variant', 'void'])
const LONG: DataType = { type: 'long' }

export function parsedColumns({ schema, metadata }: Snapshot): ParsedColumns {
  const mode = columnMappingMode(metadata.configuration)
  const physical = physicalSchema(schema, mode)
  const isPartition = (index: number): boolean => metadata.partitionColumns.includes(schema.fields[index]?.name ?? '')
  const data: StructType = { type: 'struct', fields: physical.fields.filter((_, index) => !isPartition(index)) }
  const partitions = physical.fields.filter((_, index) => isPartition(index))
  const bounded = onlyBounded(data)
  return {
    types: {
      stats: structOf({
        numRecords: LONG,
        ...(bounded.fields.length > 0 && { minValues: bounded, maxValues: bounded }),
        ...(data.fields.length > 0 && { nullCount: counts(data) }),
        tightBounds: { type: 'boolean' },
      }),
      partitionValues: { type: 'struct', fields: partitions.map(nullable) },
    },
    values: (add) => ({
      ...(partitions.length > 0 && { partitionValues_parsed: partitionRow(add, partitions) }),
      stats_parsed: statisticsRow(add, data, bounded),
    }),
  }
}

function nullable(field: StructField): StructField {
  return { ...field, nullable: true, metadata: {} }
}

function onlyBounded(struct: StructType): StructType {
  const fields = struct.fields.flatMap((field) => {
    if (field.dataType.type !== 'struct') return WITHOUT_BOUNDS.has(field.dataType.type) ? [] : [nullable(field)]
    const inner = onlyBounded(field.dataType)
    return inner.fields.length === 0 ? [] : [{ ...nullable(field), dataType: inner }]
  })
  return { type: 'struct', fields }
}

function counts(struct: StructType): StructType {
  const fields = struct.fields.map((field) => ({
    ...nullable(field),
    dataType: field.dataType.type === 'struct' ? counts(field.dataType) : LONG,
  }))
  return { type: 'struct', fields }
}

function partitionRow(add: AddFile, partitions: readonly StructField[]): object {
  return Object.fromEntries(
    partitions.map(({ name, dataType }) => {
      const value = parsePartitionValue(add.partitionValues[name] ?? null, dataType)
      return [name, value === null ? null : rowValue(value, dataType)]
    }),
  )
}

function statisticsRow({ stats }: AddFile, data: StructType, bounded: StructType): object | null {
  const parsed = stats === undefined ? undefined : parseStatistics(stats, data)
  if (parsed === undefined) return null
  return {
    numRecords: parsed.numRecords,
    ...(bounded.fields.length > 0 && {
      minValues: treeRow(parsed.minValues, bounded, rowValue),
      maxValues: treeRow(parsed.maxValues, bounded, rowValue),
    }),
    ...(data.fields.length > 0 && { nullCount: treeRow(parsed.nullCount, data, (count) => count) }),
    tightBounds: parsed.tightBounds,
  }
}

function treeRow<T>(tree: ColumnTree<T>, struct: StructType, leaf: (value: T, type: DataType) => unknown): object {
  const row: { [name: string]: unknown } = {}
  for (const { name, dataType } of struct.fields) {
    const value = tree.get(name)
    if (value === undefined) continue
    row[name] =
      dataType.type === 'struct' ? treeRow(value as ColumnTree<T>, dataType, leaf) : leaf(value as T, dataType)
  }
  return row
}

/** A scalar in the form that rows have. */
function rowValue(value: Scalar, type: DataType): unknown {
  switch (type.type) {
    case 'date':
      return formatDate(value as number)
    case 'timestamp':
      return new MicrosecondDate(value as bigint)
    case 'timestamp_ntz':
      return formatTimestamp(value as bigint, { digits: 6 })
    case 'decimal':
      return formatDecimal(value as bigint, type.scale)
    default:
      return value
  }
}
