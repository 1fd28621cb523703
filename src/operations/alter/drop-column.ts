import { DeltaError } from '../../errors/delta-error.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import { checkPartitionColumns } from '../../schema/check-schema.js'
import { physicalName } from '../../schema/column-mapping.js'
import type { StructField } from '../../schema/data-type.js'
import { editField } from '../../schema/evolve/edit-column.js'
import { columnName, schemaError } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { metadataWithSchema } from '../operation/metadata-with-schema.js'
import { checkNotInRules } from './check-not-in-rules.js'
import { clusteringColumns } from './clustering-columns.js'
import { requireColumnMapping } from './require-column-mapping.js'
import type { TableChange } from './table-change.js'

/**
 * Takes a column, or a field at any depth, out of the schema. Data files keep its values until they are written anew, older versions have it.
 *
 * @throws UnknownColumn; UnsupportedFeature without column mapping; InvalidSchema for a partition column, a clustering column or the last of its struct; InvalidArgument where a constraint or a
 * generated column looks at it
 */
export function dropColumn(column: string | readonly string[]): TableChange {
  const wanted = parseColumnPath(column)
  return async (snapshot, { signal }) => {
    let path: readonly string[] = wanted
    let dropped: StructField | undefined
    const schema = editField(snapshot.schema, wanted, (field, at) => {
      path = at
      dropped = field
      return undefined
    })
    requireColumnMapping(snapshot, path, 'dropped')
    if (path.length === 1) checkTopLevel(snapshot, path[0] as string)
    await checkNotClustered(snapshot, path, dropped, signal)
    await checkNotInRules(snapshot, path, 'dropped')
    const { metadata } = metadataWithSchema(snapshot, schema)
    checkPartitionColumns(schema, metadata.partitionColumns)
    return { operation: 'DROP COLUMNS', operationParameters: { columns: [columnName(path)] }, metadata }
  }
}

function checkTopLevel({ metadata }: Snapshot, name: string): void {
  if (!metadata.partitionColumns.includes(name)) return
  throw schemaError(
    'InvalidSchema',
    [name],
    'partitions the table and cannot be dropped: overwrite the table with another schema.',
  )
}

async function checkNotClustered(
  snapshot: Snapshot,
  path: readonly string[],
  dropped: StructField | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = dropped && physicalName(dropped)
  const columns = await clusteringColumns(snapshot, signal)
  if (!columns.some((steps) => steps.includes(name ?? ''))) return
  throw new DeltaError(
    'InvalidSchema',
    `Column ${columnName(path)} cannot be dropped: the table is clustered by it. Drop the feature clustering, or cluster by other columns first.`,
    { details: { column: columnName(path) } },
  )
}
