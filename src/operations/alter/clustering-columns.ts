import type { Snapshot } from '../../snapshot/snapshot.js'

/** The metadata domain that names the columns by which a table is clustered (PROTOCOL.md, "Clustered Table"). */
export const CLUSTERING_DOMAIN = 'delta.clustering'

/** The columns by which a table is clustered, as paths of physical names; none where it is not. */
export async function clusteringColumns(
  snapshot: Snapshot,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly string[])[]> {
  const domain = (await snapshot.domainMetadata(signal)).get(CLUSTERING_DOMAIN)
  if (domain === undefined) return []
  const { clusteringColumns: columns = [] } = JSON.parse(domain.configuration) as {
    clusteringColumns?: readonly (string | readonly string[])[]
  }
  return columns.map((column) => (typeof column === 'string' ? [column] : column))
}
