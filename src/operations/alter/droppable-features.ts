import { readLogListing } from '../../log/log-listing.js'
import type { Action } from '../../protocol/actions/action.js'
import { hasFieldMetadata } from '../../protocol/features/feature-use.js'
import {
  CHECKPOINT_PROTECTION_VERSION,
  COLUMN_MAPPING_MAX_COLUMN_ID,
  COLUMN_MAPPING_MODE,
  ENABLE_ROW_TRACKING,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION,
  ROW_COMMIT_VERSION_COLUMN_NAME,
  ROW_ID_COLUMN_NAME,
  ROW_TRACKING_SUSPENDED,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { CONSTRAINT_PREFIX } from '../../protocol/rules/constraint-properties.js'
import { CURRENT_DEFAULT, IDENTITY } from '../../schema/column-rules.js'
import { TYPE_CHANGES } from '../../schema/evolve/type-changes.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { ROW_TRACKING_DOMAIN } from '../../transaction/rebase/row-tracking.js'
import { liveFiles } from '../operation/live-files.js'
import { CLUSTERING_DOMAIN, clusteringColumns } from './clustering-columns.js'

/** A feature that can be taken out of a protocol. */
export interface DroppableFeature {
  /** Properties that go with it. */
  readonly properties: readonly string[]
  /** What of the table still needs it, and what to do about it; undefined where nothing does. */
  readonly neededBy?: (snapshot: Snapshot, signal: AbortSignal | undefined) => Promise<string | undefined>
  /** Actions that take its traces out of the newest version, in the commit that drops it: for features that bind writers alone. */
  readonly withdraw?: (snapshot: Snapshot, signal: AbortSignal | undefined) => Promise<readonly Action[]>
}

/** The features that can be dropped. A version is free of most of them without its data files being written anew. */
export const DROPPABLE_FEATURES: ReadonlyMap<string, DroppableFeature> = new Map<string, DroppableFeature>([
  ['checkConstraints', { properties: [], neededBy: constraints }],
  ['identityColumns', { properties: [], neededBy: identities }],
  [
    'inCommitTimestamp',
    {
      properties: [
        'delta.enableInCommitTimestamps',
        IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION.key,
        IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP.key,
      ],
    },
  ],
  ['allowColumnDefaults', { properties: [], neededBy: defaults }],
  ['clustering', { properties: [], neededBy: clustering, withdraw: clusteringDomain }],
  ['checkpointProtection', { properties: [CHECKPOINT_PROTECTION_VERSION.key], neededBy: protectedVersions }],
  ['columnMapping', { properties: [COLUMN_MAPPING_MODE.key, COLUMN_MAPPING_MAX_COLUMN_ID.key] }],
  ['domainMetadata', { properties: [], neededBy: domains }],
  ['materializePartitionColumns', { properties: ['delta.enableMaterializePartitionColumnsFeature'] }],
  ['changeDataFeed', { properties: ['delta.enableChangeDataFeed'] }],
  ['deletionVectors', { properties: ['delta.enableDeletionVectors'], neededBy: deletionVectors }],
  ['typeWidening', { properties: ['delta.enableTypeWidening'], neededBy: typeChanges }],
  ['typeWidening-preview', { properties: ['delta.enableTypeWidening'], neededBy: typeChanges }],
  ['v2Checkpoint', { properties: ['delta.checkpointPolicy'] }],
  ['vacuumProtocolCheck', { properties: [] }],
  [
    'rowTracking',
    {
      properties: [
        ENABLE_ROW_TRACKING.key,
        ROW_TRACKING_SUSPENDED.key,
        ROW_ID_COLUMN_NAME.key,
        ROW_COMMIT_VERSION_COLUMN_NAME.key,
      ],
      withdraw: rowIds,
    },
  ],
])

/** Old clients read the log from a protected checkpoint on, for as long as there is something before it. */
async function protectedVersions(
  { metadata, location }: Snapshot,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const before = tableProperty(metadata, CHECKPOINT_PROTECTION_VERSION) ?? 0
  const { commits, checkpoints } = await readLogListing(location, { signal })
  const [oldest = before] = [...commits, ...checkpoints].map(({ version }) => version).sort((a, b) => a - b)
  if (oldest >= before) return undefined
  return `the log has versions before ${before}, which protected checkpoints stand for: they go when delta.logRetentionDuration is over, with a checkpoint that is written after that`
}

async function constraints({ metadata }: Snapshot): Promise<string | undefined> {
  const names = Object.keys(metadata.configuration).filter((key) => key.startsWith(CONSTRAINT_PREFIX))
  if (names.length === 0) return undefined
  return `it has constraints (${names.map((key) => key.slice(CONSTRAINT_PREFIX.length)).join(', ')}): drop them first`
}

async function identities({ metadata }: Snapshot): Promise<string | undefined> {
  return hasFieldMetadata(metadata, IDENTITY.start) ? 'it has identity columns: drop them first' : undefined
}

async function defaults({ metadata }: Snapshot): Promise<string | undefined> {
  return hasFieldMetadata(metadata, CURRENT_DEFAULT) ? 'columns have default values: drop those first' : undefined
}

async function clustering(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<string | undefined> {
  const columns = await clusteringColumns(snapshot, signal)
  return columns.length === 0 ? undefined : 'the table is clustered: cluster it by no column first'
}

/** What is left where a table is not clustered any more. */
async function clusteringDomain(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<readonly Action[]> {
  const domain = (await snapshot.domainMetadata(signal)).get(CLUSTERING_DOMAIN)
  return domain === undefined ? [] : [{ ...domain, removed: true }]
}

async function domains(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<string | undefined> {
  const names = [...(await snapshot.domainMetadata(signal)).keys()]
  return names.length === 0 ? undefined : `it has the metadata domains ${names.join(', ')}`
}

async function deletionVectors(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<string | undefined> {
  for await (const { path, deletionVector } of liveFiles(snapshot, signal)) {
    if (deletionVector === undefined) continue
    return `rows are deleted by deletion vectors, such as in ${path}: set delta.enableDeletionVectors to false and purge the table first`
  }
  return undefined
}

async function typeChanges({ metadata }: Snapshot): Promise<string | undefined> {
  if (!hasFieldMetadata(metadata, TYPE_CHANGES)) return undefined
  return 'types of its columns were widened, and data files may have the old ones: overwrite the table first'
}

/** Files without the ids of their rows, and an end to the count of ids. Columns of ids in data files stay there, and nobody looks at them. */
async function rowIds(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<readonly Action[]> {
  const actions: Action[] = []
  const domain = (await snapshot.domainMetadata(signal)).get(ROW_TRACKING_DOMAIN)
  if (domain !== undefined) actions.push({ ...domain, removed: true })
  for await (const file of liveFiles(snapshot, signal)) {
    const { baseRowId, defaultRowCommitVersion, ...plain } = file
    if (baseRowId !== undefined || defaultRowCommitVersion !== undefined) actions.push({ ...plain, dataChange: false })
  }
  return actions
}
