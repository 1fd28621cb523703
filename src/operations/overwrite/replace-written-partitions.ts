import type { ColumnPath, Literal, Predicate } from '../../expressions/predicate.js'
import type { AddFile, PartitionValues } from '../../protocol/actions/action.js'
import { type ColumnMappingMode, columnMappingMode, storedName } from '../../schema/column-mapping.js'
import type { StructField } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { liveFiles } from '../operation/live-files.js'
import type { Replacement } from './replacement.js'

/** More partitions than this are told to the conflict check as the whole table. */
const MANY_PARTITIONS = 1000

/** The partitions that new files are in give way to them. Loads of different partitions do not get in each other's way. */
export function replaceWrittenPartitions(snapshot: Snapshot, signal: AbortSignal | undefined): Replacement {
  const { schema, metadata } = snapshot
  const mode = columnMappingMode(metadata.configuration)
  const fields = schema.fields.filter(({ name }) => metadata.partitionColumns.includes(name))
  const partitionOf = ({ partitionValues }: AddFile): string =>
    JSON.stringify(fields.map((field) => partitionValues[storedName(field, mode)] || null))
  return {
    async replacedBy(added) {
      const written = new Set(added.map(partitionOf))
      const replaced: AddFile[] = []
      for await (const file of liveFiles(snapshot, signal)) if (written.has(partitionOf(file))) replaced.push(file)
      return replaced
    },
    readSet(added, removed) {
      const distinct = [...new Map(added.map((file) => [partitionOf(file), file.partitionValues])).values()]
      const comparable = fields.every(({ dataType }) => dataType.type !== 'binary')
      if (!comparable || distinct.length > MANY_PARTITIONS) return { wholeTable: true }
      const children = distinct.map((values) => inPartition(fields, values, mode))
      return { predicate: { op: 'or', children }, files: removed.map(({ path }) => path) }
    },
  }
}

function inPartition(fields: readonly StructField[], values: PartitionValues, mode: ColumnMappingMode): Predicate {
  const children = fields.map((field): Predicate => {
    const column: ColumnPath = [field.name]
    const text = values[storedName(field, mode)] || null
    return text === null ? { op: 'isNull', column } : { op: 'eq', column, value: literal(text, field) }
  })
  return { op: 'and', children }
}

/** Dates, timestamps and decimals may stay texts. */
function literal(text: string, { dataType }: StructField): Literal {
  switch (dataType.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'float':
    case 'double':
      return Number(text)
    case 'long':
      return BigInt(text)
    case 'boolean':
      return text === 'true'
    default:
      return text
  }
}
