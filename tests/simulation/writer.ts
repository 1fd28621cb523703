import { readDeletionVector } from '../../src/data-files/read-deletion-vector.js'
import { uniteDeletionVectors } from '../../src/data-files/unite-deletion-vectors.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import type { Action, AddFile, RemoveFile } from '../../src/protocol/actions/action.js'
import { inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { deletionVectorPath } from '../../src/protocol/deletion-vector/deletion-vector-path.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import { openSnapshot } from '../../src/snapshot/open-snapshot.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { commit } from '../../src/transaction/commit.js'
import type { CommitOptions, PreparedCommit } from '../../src/transaction/transaction.js'
import type { Entry, Ledger } from './ledger.js'
import { readRowFile, type SimulatedRow, writeRowFile } from './row-file.js'
import { pick } from './seeded-random.js'

/** What the operations of a run share. */
export interface World {
  readonly random: () => number
  readonly ledger: Ledger
  /** Fresh row ids for the whole run. */
  nextRow(): number
}

/** Values that writers of other implementations doubled rows over. */
const PARTITIONS = ['a b', '100%', 'x=y']
const RETENTION_MS = 3_600_000

/** One process: it holds a table and does `operations` things to it, one after another. */
export async function runWriter(id: number, location: TableLocation, world: World, operations: number): Promise<void> {
  for (let i = 0; i < operations; i++) {
    await location.runtime.clock.sleep(world.random() * 100)
    await pick(world.random, VERBS)(id, location, world)
  }
}

type Verb = (writer: number, location: TableLocation, world: World) => Promise<void>

/** How one row is taken out of its file: with the file, which others then cannot change too, or by a deletion vector. */
type Way = 'rewrite' | 'mask'

const append: Verb = async (writer, location, world) => {
  const rows = newRows(world)
  const entry = world.ledger.open(writer, 'append', { inserted: rows.map((row) => row.id) })
  await settle(entry, async () => {
    const add = await newFile(location, rows, pick(world.random, PARTITIONS), true)
    return commit(await openSnapshot(location), prepared('WRITE', [add], {}), patience(location, world))
  })
}

/** A load that is repeated until it is known to be there, as a scheduler would: its rows must be there once. */
const loadOnce: Verb = async (writer, location, world) => {
  const rows = newRows(world)
  const entry = world.ledger.open(writer, 'load', { inserted: rows.map((row) => row.id) })
  const txn = { appId: `loader-${writer}`, version: entry.inserted[0] as number }
  for (let attempt = 0; attempt < 4 && entry.outcome !== 'committed'; attempt++) {
    await settle(entry, async () => {
      const add = await newFile(location, rows, pick(world.random, PARTITIONS), true)
      return commit(await openSnapshot(location), { ...prepared('WRITE', [add], {}), txn }, patience(location, world))
    })
  }
  // A failure of the last attempt says nothing of the ones before.
  if (entry.outcome !== 'committed') entry.outcome = 'unknown'
}

const update =
  (way: Way): Verb =>
  (writer, location, world) =>
    changeOneRow(writer, location, world, { operation: 'UPDATE', way }, (row) => [{ ...row, n: row.n + 1 }])

const remove =
  (way: Way): Verb =>
  (writer, location, world) =>
    changeOneRow(writer, location, world, { operation: 'DELETE', way }, () => [])

async function changeOneRow(
  writer: number,
  location: TableLocation,
  world: World,
  { operation, way }: { readonly operation: 'UPDATE' | 'DELETE'; readonly way: Way },
  change: (row: SimulatedRow) => readonly SimulatedRow[],
): Promise<void> {
  await quietly(async () => {
    const snapshot = await openSnapshot(location)
    const file = await anyFile(snapshot, world)
    if (file === undefined) return
    const hidden = await hiddenRows(location, file)
    const rows = await readRowFile(location.store, file.path)
    const visible = rows.filter((_, position) => !hidden.has(position))
    // Two writers may have hidden the last rows of a file between them.
    if (visible.length === 0) return
    const victim = pick(world.random, visible)
    const touched = { [operation === 'DELETE' ? 'deleted' : 'updated']: [victim.id] }
    const entry = world.ledger.open(writer, operation, touched)
    await settle(entry, async () => {
      const masks = way === 'mask' && visible.length > 1
      const left = masks ? change(victim) : visible.flatMap((row) => (row.id === victim.id ? change(row) : [row]))
      const actions: Action[] = [removal(file, location, true)]
      if (masks) {
        const deletionVector = inlineDeletionVector(hidden.union(RowSet.of([rows.indexOf(victim)])))
        actions.push({ ...file, dataChange: true, deletionVector })
      }
      if (left.length > 0) actions.push(await newFile(location, left, file.partitionValues.p as string, true))
      const predicate = { op: 'eq', column: ['id'], value: victim.id } as const
      const write = prepared(operation, actions, { predicate, files: [file.path] })
      const uniteVectors: PreparedCommit['uniteVectors'] = (files, signal) =>
        uniteDeletionVectors(location, files, signal)
      return commit(snapshot, masks ? { ...write, uniteVectors } : write, patience(location, world))
    })
  })
}

const optimize: Verb = async (writer, location, world) => {
  await quietly(async () => {
    const snapshot = await openSnapshot(location)
    const partition = pick(world.random, PARTITIONS)
    const small = (await liveFiles(snapshot)).filter((file) => file.partitionValues.p === partition).slice(0, 3)
    if (small.length < 2) return
    const rows: SimulatedRow[] = []
    for (const file of small) {
      const hidden = await hiddenRows(location, file)
      rows.push(...(await readRowFile(location.store, file.path)).filter((_, position) => !hidden.has(position)))
    }
    await settle(world.ledger.open(writer, 'OPTIMIZE', {}), async () => {
      const added = rows.length === 0 ? [] : [await newFile(location, rows, partition, false)]
      const actions = [...small.map((file) => removal(file, location, false)), ...added]
      const read = { files: small.map((file) => file.path) }
      const write = { ...prepared('OPTIMIZE', actions, read), isolation: 'SnapshotIsolation' } as const
      return commit(snapshot, write, patience(location, world))
    })
  })
}

const setProperty: Verb = async (writer, location, world) => {
  await settle(world.ledger.open(writer, 'SET TBLPROPERTIES', {}), async () => {
    const snapshot = await openSnapshot(location)
    const configuration = { ...snapshot.metadata.configuration, [`writer.${writer}`]: String(world.random()) }
    const actions: Action[] = [{ ...snapshot.metadata, configuration }]
    return commit(snapshot, prepared('SET TBLPROPERTIES', actions, {}), patience(location, world))
  })
}

/** Deletes what no version needs and what is too old to belong to a commit that is still on its way. */
const vacuum: Verb = async (_writer, location) => {
  await quietly(async () => {
    const files = await liveFiles(await openSnapshot(location))
    const vectors = files.map(({ deletionVector }) => deletionVector && deletionVectorPath(deletionVector))
    const referenced = new Set(
      [...files.map(({ path }) => path), ...vectors].map((path) => decodeURIComponent(path ?? '')),
    )
    const doomed: string[] = []
    for await (const { key, lastModified } of location.store.list('')) {
      const old = lastModified < location.runtime.clock.now() - RETENTION_MS
      if (!key.startsWith('_delta_log/') && old && !referenced.has(key)) doomed.push(key)
    }
    await location.store.delete(doomed)
  })
}

/** Mostly a commit is tried until it ends; some are tried a few times only, and some are given up by who asked for them. */
function patience(location: TableLocation, { random }: World): CommitOptions {
  const mood = random()
  if (mood < 0.7) return {}
  if (mood < 0.85) return { maxAttempts: 1 + Math.floor(random() * 3) }
  const controller = new AbortController()
  void location.runtime.clock.sleep(random() * 100).then(() => controller.abort())
  return { signal: controller.signal }
}

/** Until it is known better, and for ever if the writer dies, the outcome is unknown. */
async function settle(entry: Entry, act: () => Promise<{ readonly version: number }>): Promise<void> {
  entry.outcome = 'unknown'
  try {
    entry.version = (await act()).version
    entry.outcome = 'committed'
  } catch (error) {
    if (!isDeltaError(error)) throw error
    entry.outcome = error.code === 'CommitStateUnknown' ? 'unknown' : 'refused'
  }
}

/** Reading fails under toxics; a writer then goes on to its next operation. */
async function quietly(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isDeltaError(error)) throw error
  }
}

function prepared(operation: string, actions: readonly Action[], read: PreparedCommit['read']): PreparedCommit {
  return { operation, operationParameters: {}, operationMetrics: {}, actions, read }
}

function newRows(world: World): SimulatedRow[] {
  return Array.from({ length: 1 + Math.floor(world.random() * 3) }, () => ({ id: world.nextRow(), n: 0 }))
}

function newFile(
  location: TableLocation,
  rows: readonly SimulatedRow[],
  partition: string,
  dataChange: boolean,
): Promise<AddFile> {
  const facts = {
    path: `${encodeURIComponent(`p=${partition}`)}/${location.runtime.uuid()}.parquet`,
    partition,
    now: location.runtime.clock.now(),
    dataChange,
  }
  return writeRowFile(location.store, facts, rows)
}

function removal(file: AddFile, location: TableLocation, dataChange: boolean): RemoveFile {
  return {
    type: 'remove',
    path: file.path,
    deletionTimestamp: location.runtime.clock.now(),
    dataChange,
    extendedFileMetadata: true,
    partitionValues: file.partitionValues,
    size: file.size,
    ...(file.deletionVector && { deletionVector: file.deletionVector }),
  }
}

/** Positions of the rows that the deletion vector of a file hides. */
async function hiddenRows(location: TableLocation, { deletionVector }: AddFile): Promise<RowSet> {
  return deletionVector === undefined ? RowSet.EMPTY : readDeletionVector(location, deletionVector)
}

async function liveFiles(snapshot: Snapshot): Promise<AddFile[]> {
  const files: AddFile[] = []
  for (const chunk of (await snapshot.files()).chunks)
    for (let i = 0; i < chunk.length; i++) files.push(chunk.addFile(i))
  return files
}

async function anyFile(snapshot: Snapshot, world: World): Promise<AddFile | undefined> {
  const files = await liveFiles(snapshot)
  return files.length === 0 ? undefined : pick(world.random, files)
}

const VERBS: readonly Verb[] = [
  append,
  append,
  append,
  loadOnce,
  update('rewrite'),
  update('mask'),
  update('mask'),
  remove('rewrite'),
  remove('mask'),
  optimize,
  setProperty,
  vacuum,
]
