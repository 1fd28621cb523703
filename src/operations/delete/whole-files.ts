import { bindPredicate } from '../../expressions/bind.js'
import { evaluate } from '../../expressions/evaluate.js'
import type { Predicate } from '../../expressions/predicate.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue } from '../../protocol/partition-value.js'
import { columnMappingMode, storedName } from '../../schema/column-mapping.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { PreparedChange } from '../operation/row-change/row-change-kind.js'

/** How to tell the files whose rows all go, where a condition is about partition columns alone, or there is none. */
export function wholeFiles(
  { schema, metadata }: Snapshot,
  predicate: Predicate | undefined,
): Pick<PreparedChange, 'goesWhole'> {
  if (predicate === undefined) return { goesWhole: () => true }
  const bound = bindPredicate(predicate, schema)
  const isPartition = (path: readonly string[]): boolean => metadata.partitionColumns.includes(path[0] as string)
  if (bound.opaque || !bound.columns.every(({ path }) => isPartition(path))) return {}
  const mode = columnMappingMode(metadata.configuration)
  const goesWhole = ({ partitionValues }: AddFile): boolean =>
    evaluate(bound, ({ fields, dataType }) =>
      parsePartitionValue(partitionValues[storedName(fields[0], mode)] ?? null, dataType),
    ) === true
  return { goesWhole }
}
