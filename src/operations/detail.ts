import { writerFeatures } from '../protocol/features/protocol-features.js'
import { type CompatibilityReport, readerCompatibility } from '../protocol/features/reader-compatibility.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import type { OperationOptions } from './operation/operation-options.js'

/** What a version is, with the names of Spark's DESCRIBE DETAIL. */
export interface TableDetail {
  readonly format: string
  readonly id: string
  readonly name: string | null
  readonly description: string | null
  readonly location: string
  readonly version: number
  readonly createdAt: Date | null
  /** When the version was committed. */
  readonly lastModified: Date
  readonly partitionColumns: readonly string[]
  readonly clusteringColumns: readonly string[]
  readonly numFiles: number
  readonly sizeInBytes: number
  readonly properties: { readonly [key: string]: string }
  readonly minReaderVersion: number
  readonly minWriterVersion: number
  readonly tableFeatures: readonly string[]
  /** Domains that writers keep facts of their own in. */
  readonly domains: { readonly [domain: string]: string }
  /** What lakewright does with each feature, and which other engines can read the table. */
  readonly compatibility: CompatibilityReport
}

/** Describes a version. Reads the list of its files, and no file. */
export async function detail(snapshot: Snapshot, { signal }: OperationOptions): Promise<TableDetail> {
  const { metadata, protocol } = snapshot
  const files = await snapshot.totals(signal)
  const domains = Object.fromEntries(
    [...(await snapshot.domainMetadata(signal))].map(([domain, { configuration }]) => [domain, configuration]),
  )
  return {
    format: 'delta',
    id: metadata.id,
    name: metadata.name ?? null,
    description: metadata.description ?? null,
    location: snapshot.location.url,
    version: snapshot.version,
    createdAt: metadata.createdTime === undefined ? null : new Date(metadata.createdTime),
    lastModified: new Date(snapshot.timestamp),
    partitionColumns: metadata.partitionColumns,
    clusteringColumns: clusteringColumns(domains['delta.clustering']),
    numFiles: files.numFiles,
    sizeInBytes: files.sizeInBytes,
    properties: metadata.configuration,
    minReaderVersion: protocol.minReaderVersion,
    minWriterVersion: protocol.minWriterVersion,
    tableFeatures: [...writerFeatures(protocol)],
    domains,
    compatibility: readerCompatibility(protocol, metadata),
  }
}

/** PROTOCOL.md, "Writer Requirements for Clustered Table": physical names, a list of path segments for each column. */
function clusteringColumns(configuration: string | undefined): readonly string[] {
  if (configuration === undefined) return []
  try {
    const { clusteringColumns: columns } = JSON.parse(configuration)
    return Array.isArray(columns) ? columns.map((path) => (Array.isArray(path) ? path.join('.') : String(path))) : []
  } catch {
    return []
  }
}
