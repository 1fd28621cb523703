import type { TableLocation } from '../../storage/table-location.js'

/** Deletes files that no version will have, by their paths as in the log. Best effort: what stays is an orphan, which no reader sees. */
export async function discardFiles(
  location: TableLocation,
  files: readonly { readonly path: string }[],
): Promise<void> {
  const keys = files.map(({ path }) => location.resolve(path).key)
  if (keys.length > 0) await location.store.delete(keys).catch(() => undefined)
}
