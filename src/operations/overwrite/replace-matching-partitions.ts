import { DeltaError } from '../../errors/delta-error.js'
import { bindPredicate } from '../../expressions/bind.js'
import { evaluate } from '../../expressions/evaluate.js'
import type { Predicate } from '../../expressions/predicate.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import { columnMappingMode, storedName } from '../../schema/column-mapping.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { liveFiles } from '../operation/live-files.js'
import type { Replacement } from './replacement.js'

/**
 * The partitions for which a condition is true give way; new rows must be in such partitions.
 *
 * @throws InvalidPredicate unless the condition is about partition columns alone: others would need files to be rewritten
 */
export function replaceMatchingPartitions(
  snapshot: Snapshot,
  predicate: Predicate,
  signal: AbortSignal | undefined,
): Replacement {
  const { schema, metadata } = snapshot
  const mode = columnMappingMode(metadata.configuration)
  const bound = bindPredicate(predicate, schema)
  const other = bound.columns.find(({ path }) => !metadata.partitionColumns.includes(path[0] as string))
  if (bound.opaque || other !== undefined) {
    const why = other === undefined ? 'it has more in it than those can decide' : `${columnName(other.path)} is none`
    throw new DeltaError(
      'InvalidPredicate',
      `replaceWhere takes a condition on partition columns (${metadata.partitionColumns.join(', ') || 'this table has none'}): ${why}. Anything else would need files to be rewritten, which this version does not do.`,
    )
  }
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
