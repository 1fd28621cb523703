import { DeltaError } from '../errors/delta-error.js'
import { normalPath } from '../log/replay/file-key.js'
import type { AddFile } from '../protocol/actions/action.js'
import { deletionVectorId } from '../protocol/deletion-vector/deletion-vector-path.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import type { ChangeFile, ChangePlan, RemovedFile } from './change-plan.js'
import { schemaObstacle, versionSchema } from './change-schema.js'
import { selectColumns } from './select-columns.js'

export interface DiffRequest {
  /** Top-level columns to compare and deliver, in order, in any case. Default: all. */
  readonly columns?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Plans what to read for the rows in which two versions differ: the files that one has and the other has not, and those whose deletion vectors differ. Rows that moved
 * from file to file are on both sides. Either version may be the newer one; the columns are the newer one's.
 *
 * @throws SchemaMismatch where the columns of the older version do not fit; UnknownColumn
 */
export async function planDiff(before: Snapshot, after: Snapshot, request: DiffRequest): Promise<ChangePlan> {
  const { columns, signal } = request
  const [older, newer] = before.version <= after.version ? [before, after] : [after, before]
  const obstacle = schemaObstacle(versionSchema(older.metadata), versionSchema(newer.metadata))
  if (obstacle !== undefined) {
    throw new DeltaError(
      'SchemaMismatch',
      `Versions ${older.version} and ${newer.version} of ${after.location.url} cannot be compared: ${obstacle}. Compare versions on one side of that change.`,
      { details: { table: after.location.url, older: older.version, newer: newer.version } },
    )
  }
  const files = await differentFiles(before, after, signal)
  return {
    snapshot: newer,
    from: after.version,
    schema: selectColumns(newer.schema, columns, undefined).schema,
    versions: async function* () {
      yield { version: after.version, timestamp: after.timestamp, files }
    },
  }
}

async function differentFiles(
  before: Snapshot,
  after: Snapshot,
  signal: AbortSignal | undefined,
): Promise<readonly ChangeFile[]> {
  const old = new Map<string, string>()
  for (const { path, vector } of await identities(before, signal)) old.set(path, vector)
  const kept = new Set<string>()
  const masked = new Map<string, AddFile>()
  const added: ChangeFile[] = []
  for (const { path, vector, file } of await identities(after, signal)) {
    const was = old.get(path)
    if (was === undefined) added.push({ kind: 'added', file: file() })
    else if (was === vector) kept.add(path)
    else masked.set(path, file())
  }
  const removed: ChangeFile[] = []
  for (const { path, file } of await identities(before, signal)) {
    if (kept.has(path)) continue
    const now = masked.get(path)
    removed.push(
      now === undefined
        ? { kind: 'removed', file: removedFile(file()) }
        : { kind: 'masked', before: removedFile(file()), after: now },
    )
  }
  return [...removed, ...added]
}

interface FileIdentity {
  readonly path: string
  /** Empty where there is none. */
  readonly vector: string
  file(): AddFile
}

async function identities(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<Iterable<FileIdentity>> {
  const { chunks } = await snapshot.files(signal)
  return (function* () {
    for (const chunk of chunks) {
      for (let i = 0; i < chunk.length; i++) {
        const vector = chunk.deletionVector(i)
        yield {
          path: normalPath(chunk.path(i)),
          vector: vector === undefined ? '' : deletionVectorId(vector),
          file: () => chunk.addFile(i),
        }
      }
    }
  })()
}

function removedFile({ path, size, partitionValues, deletionVector }: AddFile): RemovedFile {
  return { type: 'remove', path, dataChange: true, size, partitionValues, ...(deletionVector && { deletionVector }) }
}
