import { DeltaError } from '../../errors/delta-error.js'
import type { Action, AddFile, Metadata } from '../../protocol/actions/action.js'
import { deletionVectorId } from '../../protocol/deletion-vector/deletion-vector-path.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import {
  CHECKPOINT_PROTECTION_VERSION,
  COLUMN_MAPPING_MAX_COLUMN_ID,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { keepHighWaterMarks } from '../../protocol/rules/identity-column.js'
import { openSnapshot } from '../../snapshot/open-snapshot.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { TransactionId } from '../../transaction/transaction.js'
import { commitWrite } from '../operation/commit-write.js'
import { committedBefore } from '../operation/committed-before.js'
import { liveFiles, removeFile } from '../operation/live-files.js'
import type { OperationOptions } from '../operation/operation-options.js'
import type { Written } from '../operation/write-result.js'
import { checkFilesPresent } from './check-files-present.js'
import { mergeProtocols } from './merge-protocols.js'
import { restoreDomains } from './restore-domains.js'

export interface RestoreOptions extends OperationOptions {
  /** Give this or `timestamp`. */
  readonly version?: number | undefined
  /** ISO 8601 with a zone, or a Date: the last version at or before it. */
  readonly timestamp?: string | Date | undefined
  /** Finds out what would be restored, and whether it can be, without a commit. */
  readonly dryRun?: boolean | undefined
  /** Makes the restore idempotent: where this version (or a later one) of the application id is committed, nothing is done. */
  readonly txn?: TransactionId | undefined
  /** Free text for the history. */
  readonly userMetadata?: string | undefined
}

/**
 * Makes the table what it was at an older version, by a new commit: nothing is lost, and it can be undone by restoring again.
 *
 * @throws VersionNotFound; DataFileMissing naming the files that are no longer there: nothing is committed then; ConcurrentModification and its kin where
 * another writer was faster
 */
export async function restore(snapshot: Snapshot, options: RestoreOptions): Promise<Written> {
  const { location } = snapshot
  checkWritable(snapshot.protocol, snapshot.metadata)
  const { signal, txn, userMetadata } = options
  if (await committedBefore(snapshot, txn, signal)) {
    return { result: { version: snapshot.version, operation: 'RESTORE', metrics: {}, skipped: true }, snapshot }
  }
  const old = await openSnapshot(location, spec(options), signal === undefined ? {} : { signal })
  checkWritable(old.protocol, old.metadata)
  const { added, removed } = await difference(snapshot, old, signal)
  const files = await old.files(signal)
  const metrics = {
    tableSizeAfterRestore: files.sizeInBytes,
    numOfFilesAfterRestore: files.numFiles,
    numRemovedFiles: removed.length,
    numRestoredFiles: added.length,
    removedFilesSize: size(removed),
    restoredFilesSize: size(added),
  }
  await checkFilesPresent(location, old.version, added, signal)
  if (options.dryRun || (old.version === snapshot.version && txn === undefined)) {
    return { result: { version: snapshot.version, operation: 'RESTORE', metrics, skipped: true }, snapshot }
  }
  const now = location.runtime.clock.now()
  const protocol = mergeProtocols(snapshot.protocol, old.protocol)
  const actions: Action[] = [
    ...(protocol === snapshot.protocol ? [] : [protocol]),
    restoredMetadata(snapshot, old),
    ...restoreDomains(await snapshot.domainMetadata(signal), await old.domainMetadata(signal)),
    ...added.map((file) => ({ ...file, dataChange: true })),
    ...removed.map((file) => removeFile(file, { now, dataChange: true })),
  ]
  const { timestamp } = options
  return commitWrite(
    snapshot,
    {
      operation: 'RESTORE',
      operationParameters:
        timestamp === undefined
          ? { version: old.version }
          : { timestamp: timestamp instanceof Date ? timestamp.toISOString() : timestamp },
      metrics,
      actions,
      read: { wholeTable: true },
      isolation: 'Serializable',
      ...(txn && { txn }),
      ...(userMetadata !== undefined && { userMetadata }),
    },
    options,
  )
}

/** Neither goes back: ids of columns that were given stay taken, and checkpoints that are protected stay so. */
const ONLY_GROWING = [COLUMN_MAPPING_MAX_COLUMN_ID, CHECKPOINT_PROTECTION_VERSION]

/** The metadata of the older version, but for what only grows; values of identity columns that were given since then stay taken too. */
function restoredMetadata(current: Snapshot, old: Snapshot): Metadata {
  const metadata = keepHighWaterMarks(old.metadata, old.schema, current.schema)
  const grown = ONLY_GROWING.flatMap((property) => {
    const [now = 0, then = 0] = [tableProperty(current.metadata, property), tableProperty(metadata, property)]
    return now > then ? [[property.key, String(now)] as const] : []
  })
  if (grown.length === 0) return metadata
  return { ...metadata, configuration: { ...metadata.configuration, ...Object.fromEntries(grown) } }
}

function spec({ version, timestamp }: RestoreOptions): { version: number } | { timestamp: string | Date } {
  if (version !== undefined && timestamp === undefined) return { version }
  if (timestamp !== undefined && version === undefined) return { timestamp }
  throw new DeltaError('InvalidArgument', 'Give either the version or the timestamp to restore.')
}

/** Files are the same only with the same deletion vector: a version that hid fewer rows gets its file back as it was. */
async function difference(
  current: Snapshot,
  old: Snapshot,
  signal: AbortSignal | undefined,
): Promise<{ readonly added: AddFile[]; readonly removed: AddFile[] }> {
  const wanted = new Set<string>()
  const present = new Set<string>()
  for await (const file of liveFiles(current, signal)) present.add(identity(file))
  const added: AddFile[] = []
  for await (const file of liveFiles(old, signal)) {
    const id = identity(file)
    wanted.add(id)
    if (!present.has(id)) added.push(file)
  }
  const removed: AddFile[] = []
  for await (const file of liveFiles(current, signal)) if (!wanted.has(identity(file))) removed.push(file)
  return { added, removed }
}

function identity({ path, deletionVector }: AddFile): string {
  return deletionVector === undefined ? path : `${path}\n${deletionVectorId(deletionVector)}`
}

function size(files: readonly AddFile[]): number {
  return files.reduce((bytes, file) => bytes + file.size, 0)
}
