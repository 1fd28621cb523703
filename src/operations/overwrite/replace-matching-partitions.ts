import { DeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import { evaluate } from '../../expressions/evaluate.js'
import type { Predicate } from '../../expressions/predicate.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import { columnMappingMode, storedName } from '../../schema/column-mapping.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { liveFiles } from '../operation/live-files.js'
import type { Replacement } from './replacement.js'

/** Whether a condition is true for all rows of a partition or for none. */
export function isAboutPartitions({ schema, metadata }: Snapshot, predicate: Predicate): boolean {
  const { opaque, columns } = bindPredicate(predicate, schema)
  return !opaque && columns.every(({ path }) => metadata.partitionColumns.includes(path[0] as string))
}

/** The partitions for which a condition is true give way; new rows must be in such partitions. @param predicate about partitions alone */
export function replaceMatchingPartitions(
  snapshot: Snapshot,
  predicate: Predicate,
  signal: AbortSignal | undefined,
): Replacement {
  const { schema, metadata } = snapshot
  const mode = columnMappingMode(metadata.configuration)
  const bound = bindPredicate(predicate, schema)
  const matches = ({ partitionValues }: AddFile): boolean | null =>
    evaluate(bound, ({ fields, dataType }) => {
      const field = fields[0] as (typeof fields)[number]
      return parsePartitionValue(partitionValues[storedName(field, mode)] ?? null, dataType)
    })
  const sql = predicateToSql(predicate, schema)
  return {
    predicate: sql,
    async replacedBy(added) {
      const outside = added.find((file) => matches(file) !== true)
      if (outside !== undefined) throw rowOutside(outside, sql)
      const replaced: AddFile[] = []
      for await (const file of liveFiles(snapshot, signal)) if (matches(file) === true) replaced.push(file)
      return replaced
    },
    readSet: (_, removed) => ({ predicate, files: removed.map(({ path }) => path) }),
  }
}

function rowOutside({ partitionValues }: AddFile, sql: string): DeltaError {
  const partition = Object.entries(partitionValues).map(([name, value]) => `${name} = ${value ?? 'NULL'}`)
  return new DeltaError(
    'ConstraintViolated',
    `New rows with ${partition.join(', ')} do not fulfil the condition ${sql} that says what to replace. Nothing was written. Filter the rows or widen the condition.`,
    { details: { partitionValues } },
  )
}
