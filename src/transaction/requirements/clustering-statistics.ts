import { DeltaError } from '../../errors/delta-error.js'
import type { Action, AddFile, DomainMetadata } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import type { TargetTable } from './target-table.js'

const CLUSTERING_DOMAIN = 'delta.clustering'

/**
 * UnsupportedFeature if a file is added to a clustered table without statistics of a clustering column (PROTOCOL.md, "Writer Requirements for
 * Clustered Table").
 */
export async function checkClusteringStatistics(actions: readonly Action[], table: TargetTable): Promise<void> {
  if (!hasFeature(table.protocol, 'clustering')) return
  const adds = actions.filter((action): action is AddFile => action.type === 'add')
  if (adds.length === 0) return
  const columns = clusteringColumns((await table.domains()).get(CLUSTERING_DOMAIN))
  for (const column of columns) {
    const bare = adds.find((add) => !hasStatistics(add, column))
    if (bare === undefined) continue
    throw new DeltaError(
      'UnsupportedFeature',
      `The table is clustered by ${column.join('.')}, and file ${bare.path} has no statistics of it. Name the column in delta.dataSkippingStatsColumns, or move it to the left of the schema.`,
      { details: { features: ['clustering'], path: bare.path, column: column.join('.') } },
    )
  }
}

/** Paths of physical names. */
function clusteringColumns(domain: DomainMetadata | undefined): readonly (readonly string[])[] {
  if (domain === undefined) return []
  try {
    const { clusteringColumns } = JSON.parse(domain.configuration) as { clusteringColumns?: (string | string[])[] }
    return (clusteringColumns ?? []).map((column) => (typeof column === 'string' ? [column] : column))
  } catch (cause) {
    throw new DeltaError(
      'CorruptLog',
      `The metadata domain ${CLUSTERING_DOMAIN} does not name clustering columns. The log was written by a faulty writer.`,
      { cause },
    )
  }
}

/** Every column that has statistics has a null count. */
function hasStatistics(add: AddFile, column: readonly string[]): boolean {
  let node: unknown = add.stats === undefined ? undefined : (JSON.parse(add.stats) as { nullCount?: unknown }).nullCount
  for (const name of column) {
    node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined
  }
  return typeof node === 'number'
}
