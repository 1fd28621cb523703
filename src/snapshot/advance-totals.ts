import type { Action, AddFile, RemoveFile } from '../protocol/actions/action.js'
import type { FileTotals } from './snapshot.js'

/**
 * How many files there are after a commit, by what it says alone. Undefined where that does not tell: a remove without a size, or adds that may be of files that
 * are there already and only get new statistics or ids (an add without a data change that replaces nothing).
 */
export function advanceTotals(before: FileTotals | undefined, actions: readonly Action[]): FileTotals | undefined {
  if (before === undefined) return undefined
  const adds = actions.filter((action): action is AddFile => action.type === 'add')
  const removes = actions.filter((action): action is RemoveFile => action.type === 'remove')
  if (removes.some(({ size }) => size === undefined)) return undefined
  if (removes.length === 0 && adds.some(({ dataChange }) => !dataChange)) return undefined
  const sum = (files: readonly (AddFile | RemoveFile)[]): number => files.reduce((all, { size = 0 }) => all + size, 0)
  return {
    numFiles: before.numFiles + adds.length - removes.length,
    sizeInBytes: before.sizeInBytes + sum(adds) - sum(removes),
  }
}
