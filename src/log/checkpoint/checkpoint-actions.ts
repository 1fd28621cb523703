import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../../arrow/column.js'
import { validityTest } from '../../arrow/validity.js'
import type { ParquetFile } from '../../parquet/parquet-file.js'
import type { Action, RemoveFile } from '../../protocol/actions/action.js'
import { parseAction } from '../../protocol/actions/parse-action.js'
import { plainValue } from './plain-value.js'
import { presentColumns } from './present-columns.js'

/** The columns of a checkpoint that are not file actions, each with a field that is there in every action. */
const STATE_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['protocol', 'minReaderVersion'],
  ['metaData', 'id'],
  ['txn', 'appId'],
  ['domainMetadata', 'domain'],
  ['sidecar', 'path'],
])

/** All actions of one file of a checkpoint that are not file actions. Row groups and columns that have none, as the footer knows, are not read. */
export async function stateActions(file: ParquetFile, signal?: AbortSignal): Promise<Action[]> {
  const actions: Action[] = []
  for (const [index, { columns }] of file.rowGroups.entries()) {
    const wanted = columns.flatMap(({ leaf: { path }, nullCount, numValues }) => {
      const [name = '', field] = path
      return path.length === 2 && STATE_COLUMNS.get(name) === field && nullCount !== numValues ? [name] : []
    })
    if (wanted.length === 0) continue
    const batches = file.read({ columns: wanted, rowGroups: [index], ...(signal && { signal }) })
    for await (const action of actionsIn(batches)) actions.push(action)
  }
  return actions
}

/** The tombstones of one file of a checkpoint. */
export async function* removeActions(
  file: ParquetFile,
  signal?: AbortSignal,
): AsyncGenerator<RemoveFile, void, undefined> {
  const batches = file.read({ ...presentColumns(file, [['remove']]), ...(signal && { signal }) })
  for await (const action of actionsIn(batches)) yield action as RemoveFile
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
