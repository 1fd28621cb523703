import type { AddFile } from '../../protocol/actions/action.js'
import type { TableLocation } from '../../storage/table-location.js'

/** Deletes data files that no version will have. Best effort: what stays is an orphan, which no reader sees. */
export async function discardFiles(location: TableLocation, files: readonly AddFile[]): Promise<void> {
  const keys = files.map(({ path }) => location.resolve(path).key)
  await location.store.delete(keys).catch(() => undefined)
}
