import { DeltaError } from '../errors/delta-error.js'
import { missingCommit } from '../log/log-error.js'
import { type LogListing, readLogListing } from '../log/log-listing.js'
import type { LogFile } from '../log/log-segment.js'
import { monotonicTime, ORDER_MARGIN } from '../log/monotonic-time.js'
import { readCommit } from '../log/read-commit.js'
import type { Action, AddFile, CommitInfo, Metadata, RemoveFile } from '../protocol/actions/action.js'
import { ENABLE_CHANGE_DATA_FEED } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { openSnapshot } from '../snapshot/open-snapshot.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { CHANGE_COLUMNS } from './change-columns.js'
import type { ChangePlan, RemovedFile, VersionChanges } from './change-plan.js'
import { schemaObstacle, type VersionSchema, versionSchema } from './change-schema.js'
import { selectColumns } from './select-columns.js'
import { isIncomplete, versionChanges } from './version-changes.js'

export interface ChangeRequest {
  /** The first version whose changes are wanted; the last one is that of the snapshot. */
  readonly from: number
  /** Top-level columns of the table to deliver, in order, in any case. Default: all. */
  readonly columns?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Plans what to read for the change data feed of a range of versions, its ends included. Change data must have been recorded over all of it, and its rows must fit the
 * columns of the last version. The first and the last version are checked here, those between as they are reached.
 *
 * @throws ChangeDataNotRecorded, SchemaMismatch naming the version; VersionNotFound where the commits are gone; UnknownColumn; CorruptLog
 */
export async function planChanges(snapshot: Snapshot, request: ChangeRequest): Promise<ChangePlan> {
  const { from, columns, signal } = request
  const { location, version: to } = snapshot
  const start = from === to ? snapshot : await openSnapshot(location, { version: from }, { signal })
  const range = new ChangeRange(snapshot, from)
  range.check(from, start.metadata)
  range.check(to, snapshot.metadata)
  const listing = await readLogListing(location, { from: Math.max(0, from - ORDER_MARGIN), to, signal })
  const commits = timedCommits(listing, from)
  commits.forEach(({ file }, i) => {
    if (file.version !== from + i) throw missingCommit(location, from + i, to)
  })
  if (commits.length !== to - from + 1) throw missingCommit(location, from + commits.length, to)
  return {
    snapshot,
    from,
    schema: selectColumns(snapshot.schema, columns, undefined).schema,
    versions: () => readVersions(range, commits, signal),
  }
}

/** Commits that are read at once. */
const COMMITS_AHEAD = 8

interface TimedCommit {
  readonly file: LogFile
  /** ms since the epoch, by the file. */
  readonly timestamp: number
}

function timedCommits({ commits }: LogListing, from: number): readonly TimedCommit[] {
  let time: number | undefined
  const timed: TimedCommit[] = []
  for (const file of commits) {
    time = monotonicTime(file.lastModified, time)
    if (file.version >= from) timed.push({ file, timestamp: time })
  }
  return timed
}

async function* readVersions(
  range: ChangeRange,
  commits: readonly TimedCommit[],
  signal: AbortSignal | undefined,
): AsyncGenerator<VersionChanges, void, undefined> {
  const { location, metadata } = range.snapshot
  const read = async ({ file, timestamp }: TimedCommit) => ({
    file,
    timestamp,
    actions: await readCommit(location, file.version, signal),
  })
  for await (const { file, timestamp, actions } of mapConcurrent(commits, COMMITS_AHEAD, read)) {
    throwIfAborted(signal, 'Reading changes')
    const changed = find(actions, 'metaData')
    if (changed !== undefined) range.check(file.version, changed)
    const known = await lostDetails(location, file.version, actions, metadata.partitionColumns.length > 0, signal)
    const info: CommitInfo | undefined = find(actions, 'commitInfo')
    yield {
      version: file.version,
      timestamp: info?.inCommitTimestamp ?? timestamp,
      files: versionChanges(actions, (removed) => completed(removed, known)),
    }
  }
}

function find<Type extends Action['type']>(
  actions: readonly Action[],
  type: Type,
): Extract<Action, { readonly type: Type }> | undefined {
  return actions.find((action): action is Extract<Action, { readonly type: Type }> => action.type === type)
}

/** Writers may leave out size and partition values of what they remove; the version before has them. */
async function lostDetails(
  location: Snapshot['location'],
  version: number,
  actions: readonly Action[],
  isPartitioned: boolean,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, AddFile>> {
  const wanted = new Set(actions.filter((action) => isIncomplete(action, isPartitioned)).map(({ path }) => path))
  const known = new Map<string, AddFile>()
  if (wanted.size === 0 || version === 0) return known
  const before = await openSnapshot(location, { version: version - 1 }, { signal })
  for (const chunk of (await before.files(signal)).chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const file = chunk.addFile(i)
      if (wanted.has(file.path)) known.set(file.path, file)
    }
  }
  return known
}

function completed(removed: RemoveFile, known: ReadonlyMap<string, AddFile>): RemovedFile {
  const before = known.get(removed.path)
  const size = removed.size ?? before?.size
  if (size === undefined) {
    throw new DeltaError(
      'CorruptLog',
      `The log removes the file ${removed.path}, which was not in the table. Its rows cannot be told.`,
      { details: { path: removed.path } },
    )
  }
  return { ...removed, size, partitionValues: removed.partitionValues ?? before?.partitionValues ?? {} }
}

/** What must hold of every version of a range. */
class ChangeRange {
  readonly snapshot: Snapshot
  readonly #from: number
  readonly #columns: VersionSchema

  constructor(snapshot: Snapshot, from: number) {
    this.snapshot = snapshot
    this.#from = from
    this.#columns = versionSchema(snapshot.metadata)
  }

  check(version: number, metadata: Metadata): void {
    const { location, version: to } = this.snapshot
    const details = { table: location.url, version, from: this.#from, to }
    if (!tableProperty(metadata, ENABLE_CHANGE_DATA_FEED)) {
      throw new DeltaError(
        'ChangeDataNotRecorded',
        `Changes of versions ${this.#from} to ${to} of ${location.url} were not recorded: ${ENABLE_CHANGE_DATA_FEED.key} is not true in version ${version}. ` +
          'Choose a range of versions in which it is, set the property for changes to come, or compare two versions with diff.',
        { details },
      )
    }
    const columns = versionSchema(metadata)
    const taken = columns.schema.fields.find(({ name }) =>
      CHANGE_COLUMNS.some((column) => column.name.toLowerCase() === name.toLowerCase()),
    )
    if (taken !== undefined) {
      throw new DeltaError(
        'SchemaMismatch',
        `${location.url} has a column of its own named ${taken.name} in version ${version}, which change data needs. Rename it.`,
        { details: { ...details, column: taken.name } },
      )
    }
    const obstacle = schemaObstacle(columns, this.#columns)
    if (obstacle === undefined) return
    throw new DeltaError(
      'SchemaMismatch',
      `Changes of versions ${this.#from} to ${to} of ${location.url} cannot be given in the columns of version ${to}: ${obstacle} (seen in version ${version}). ` +
        'Read the versions before that change and those after it apart.',
      { details },
    )
  }
}
