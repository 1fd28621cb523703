import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../../arrow/column.js'
import { validityTest } from '../../arrow/validity.js'
import { objectSource } from '../../parquet/object-source.js'
import { openParquet } from '../../parquet/open-parquet.js'
import type { ParquetFile } from '../../parquet/parquet-file.js'
import type { Action, AddFile, RemoveFile, Sidecar } from '../../protocol/actions/action.js'
import { parseAction } from '../../protocol/actions/parse-action.js'
import { parseCommit } from '../../protocol/actions/parse-commit.js'
import { LOG_PREFIX } from '../../protocol/log-path.js'
import type { ObjectMeta } from '../../storage/object-store.js'
import type { TableLocation } from '../../storage/table-location.js'
import { corruptLog } from '../log-error.js'
import type { CheckpointFiles } from '../log-segment.js'
import { advanceState, EMPTY_STATE, type TableState } from '../replay/table-state.js'
import type { Checkpoint, CheckpointPart } from './checkpoint.js'
import { plainValue } from './plain-value.js'
import { presentColumns } from './present-columns.js'

/** The columns of a checkpoint that are not file actions. */
const STATE_COLUMNS = [['protocol'], ['metaData'], ['txn'], ['domainMetadata'], ['sidecar']]

/** The fields of `add` that are read at once; statistics only when somebody wants them. */
const ADD_FIELDS = [
  'path',
  'partitionValues',
  'size',
  'modificationTime',
  'dataChange',
  'tags',
  'deletionVector',
  'baseRowId',
  'defaultRowCommitVersion',
  'clusteringProvider',
].map((field) => ['add', field])

/**
 * Opens a checkpoint of any form (PROTOCOL.md, "Checkpoints"): classic, multi-part, V2 with a Parquet or JSON top level. Reads all but
 * the file actions.
 *
 * @throws CorruptData or CorruptLog where a file is damaged, ObjectNotFound where one is gone
 */
export async function readCheckpoint(
  location: TableLocation,
  { version, files, format }: CheckpointFiles,
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const topLevel =
    format === 'json'
      ? await readJsonTopLevel(location, files, signal)
      : await readParquetTopLevel(location, files, signal)
  const { actions } = topLevel
  const state = advanceState(EMPTY_STATE, [{ version, actions }])
  if (state.protocol === undefined || state.metadata === undefined) {
    throw corruptLog(location, version, `its checkpoint ${files[0]?.key} has no protocol or no metaData action`)
  }
  const sidecars = actions.filter((action): action is Sidecar => action.type === 'sidecar')
  const parts = sidecars.length > 0 ? sidecars.map((sidecar) => sidecarPart(location, sidecar)) : topLevel.parts
  return {
    state: async (): Promise<TableState> => state,
    parts,
    adds: actions.filter((action): action is AddFile => action.type === 'add'),
    removes: actions.filter((action): action is RemoveFile => action.type === 'remove'),
  }
}

interface TopLevel {
  readonly actions: readonly Action[]
  readonly parts: readonly CheckpointPart[]
}

async function readJsonTopLevel(
  location: TableLocation,
  files: readonly ObjectMeta[],
  signal: AbortSignal | undefined,
): Promise<TopLevel> {
  const actions: Action[] = []
  for (const { key } of files) {
    actions.push(...parseCommit(await location.store.get(key, signal ? { signal } : {}), key))
  }
  return { actions, parts: [] }
}

async function readParquetTopLevel(
  location: TableLocation,
  files: readonly ObjectMeta[],
  signal: AbortSignal | undefined,
): Promise<TopLevel> {
  const opened = await Promise.all(
    files.map(({ key, size }) => openParquet(objectSource(location.store, key, size), signal)),
  )
  const actions = await Promise.all(opened.map((file) => stateActions(file, signal)))
  const parts = opened.map((file, i) => parquetPart(files[i]?.key ?? '', async () => file))
  return { actions: actions.flat(), parts }
}

async function stateActions(file: ParquetFile, signal: AbortSignal | undefined): Promise<Action[]> {
  const actions: Action[] = []
  for await (const action of actionsIn(readPresent(file, STATE_COLUMNS, signal))) actions.push(action)
  return actions
}

function readPresent(
  file: ParquetFile,
  columns: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
): AsyncIterable<RecordBatch> {
  return file.read({ ...presentColumns(file, columns), ...(signal && { signal }) })
}

/** The actions of batches whose columns are named for them. */
async function* actionsIn(batches: AsyncIterable<RecordBatch>): AsyncGenerator<Action, void, undefined> {
  for await (const batch of batches) {
    for (const [i, { name }] of batch.schema.fields.entries()) {
      const column = batch.data.children[i] as Column
      if (column.nullCount === column.length) continue
      const isValid = validityTest(column)
      for (let row = 0; row < column.length; row++) {
        const value = isValid(row) ? plainValue(column, row) : undefined
        const action = value === undefined ? undefined : parseAction({ [name]: value })
        if (action !== undefined) yield action
      }
    }
  }
}

function sidecarPart(location: TableLocation, { path, sizeInBytes }: Sidecar): CheckpointPart {
  const absolute = path.includes('/') || path.includes(':')
  const { store, key } = location.resolve(absolute ? path : `${LOG_PREFIX}_sidecars/${path}`)
  return parquetPart(key, (signal) => openParquet(objectSource(store, key, sizeInBytes), signal))
}

function parquetPart(name: string, open: (signal?: AbortSignal) => Promise<ParquetFile>): CheckpointPart {
  let opened: Promise<ParquetFile> | undefined
  const file = (signal: AbortSignal | undefined): Promise<ParquetFile> => {
    opened ??= open(signal)
    return opened
  }
  return {
    name,
    async *adds(signal) {
      yield* readPresent(await file(signal), ADD_FIELDS, signal)
    },
    async *statistics(signal) {
      const from = await file(signal)
      // Of the row groups that have files, so that positions agree.
      const { rowGroups } = presentColumns(from, ADD_FIELDS)
      yield* from.read({ columns: [['add', 'stats']], rowGroups, ...(signal && { signal }) })
    },
    async *removes(signal) {
      yield* actionsIn(readPresent(await file(signal), [['remove']], signal)) as AsyncIterable<RemoveFile>
    },
  }
}
