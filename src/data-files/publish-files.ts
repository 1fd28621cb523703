import { objectSource } from '../parquet/object-source.js'
import type { AddFile } from '../protocol/actions/action.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { putLocalFile } from '../storage/local/put-local-file.js'
import type { TableLocation } from '../storage/table-location.js'
import { dataFileKey } from './data-file-key.js'
import { type FileLayout, fileLayout } from './file-layout.js'
import { newAddFile } from './new-add-file.js'
import type { WriteTarget, WrittenFile } from './write-target.js'

export interface PublishOptions {
  readonly signal?: AbortSignal
  /** False for rows that were in the table before. Default: true. */
  readonly dataChange?: boolean
}

/** Uploads at once. */
const CONCURRENCY = 4

/**
 * Brings finished Parquet files from local disk into the table's folder, where no version has them yet.
 *
 * @returns add actions in the order of `files`. On failure what was put is deleted as far as that works.
 * @throws StorageUnavailable, StorageFull, PermissionDenied, Aborted
 */
export async function publishFiles(
  location: TableLocation,
  target: WriteTarget,
  files: readonly WrittenFile[],
  options: PublishOptions = {},
): Promise<AddFile[]> {
  const layout = fileLayout(target)
  const keys: string[] = []
  const publish = (file: WrittenFile): Promise<AddFile> => {
    const folders = layout.partitions.map(({ name }) => [name, file.partitionValues[name] ?? null] as const)
    const key = dataFileKey(location.runtime, folders, target.compression ?? 'snappy')
    keys.push(key)
    return publishFile(location, layout, { file, key }, options)
  }
  const added: AddFile[] = []
  try {
    for await (const add of mapConcurrent(files, CONCURRENCY, publish)) added.push(add)
    return added
  } catch (error) {
    await location.store.delete(keys).catch(() => undefined)
    throw error
  }
}

async function publishFile(
  location: TableLocation,
  layout: FileLayout,
  { file, key }: { readonly file: WrittenFile; readonly key: string },
  { signal, dataChange = true }: PublishOptions,
): Promise<AddFile> {
  const { store, runtime } = location
  await putLocalFile(store, key, file.localPath, signal ? { signal } : {})
  return newAddFile(layout, {
    key,
    source: objectSource(store, key, file.size),
    values: layout.partitions.map(({ name }) => file.partitionValues[name] ?? null),
    modificationTime: runtime.clock.now(),
    dataChange,
  })
}
