import { DeltaError } from '../../errors/delta-error.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import type { DomainMetadata } from '../../protocol/actions/action.js'
import { upgradeProtocol } from '../../protocol/features/upgrade-protocol.js'
import { columnMappingMode, storedName } from '../../schema/column-mapping.js'
import { resolveColumn } from '../../schema/resolve-column.js'
import { columnName } from '../../schema/schema-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { liveFiles } from '../operation/live-files.js'
import { CLUSTERING_DOMAIN, clusteringColumns } from './clustering-columns.js'
import type { TableChange } from './table-change.js'

/**
 * Names the columns that rows are to be kept together by (PROTOCOL.md, "Clustered Table"), for engines that lay files out so; none takes the clustering away and leaves the feature. Upgrades the protocol of a
 * table that has no clustering yet.
 *
 * @throws UnknownColumn; InvalidArgument for a partitioned table, or a column that files have no statistics of
 */
export function clusterBy(columns: readonly (string | readonly string[])[]): TableChange {
  const wanted = columns.map(parseColumnPath)
  return async (snapshot, { signal }) => {
    const { metadata, schema, location } = snapshot
    if (metadata.partitionColumns.length > 0) {
      const message = `${location.url} is partitioned by ${metadata.partitionColumns.join(', ')}: a table cannot be clustered as well.`
      throw new DeltaError('InvalidArgument', message, { details: { table: location.url } })
    }
    const mode = columnMappingMode(metadata.configuration)
    const paths = wanted.map((path) => resolveColumn(schema, path))
    const stored = paths.map(({ fields }) => fields.map((field) => storedName(field, mode)))
    const before = await clusteringColumns(snapshot, signal)
    const operation = {
      operation: 'CLUSTER BY',
      operationParameters: {
        oldClusteringColumns: before.map(columnName).join(','),
        newClusteringColumns: paths.map(({ path }) => columnName(path)).join(','),
      },
    }
    if (JSON.stringify(stored) === JSON.stringify(before)) return operation
    for (const path of stored) await checkStatistics(snapshot, path, signal)
    const protocol = upgradeProtocol(snapshot.protocol, ['clustering'])
    const domain: DomainMetadata = {
      type: 'domainMetadata',
      domain: CLUSTERING_DOMAIN,
      configuration: JSON.stringify({ clusteringColumns: stored, domainName: CLUSTERING_DOMAIN }),
      removed: false,
    }
    return {
      ...operation,
      ...(protocol !== snapshot.protocol && { protocol }),
      actions: [domain],
      read: { wholeTable: true },
      isolation: 'Serializable',
    }
  }
}

/** "It is required for all table files to have statistics for these added columns." */
async function checkStatistics(
  snapshot: Snapshot,
  path: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const file of liveFiles(snapshot, signal)) {
    let counts: unknown = file.stats === undefined ? undefined : JSON.parse(file.stats).nullCount
    for (const name of path) counts = (counts as Record<string, unknown> | undefined)?.[name]
    if (typeof counts === 'number') continue
    throw new DeltaError(
      'InvalidArgument',
      `The file ${file.path} has no statistics of ${columnName(path)}, which clustering needs. Name the column in delta.dataSkippingStatsColumns, and write its rows anew.`,
      { details: { path: file.path, column: columnName(path) } },
    )
  }
}
