import type { ByteSource } from '../parquet/byte-source.js'
import type { AddFile } from '../protocol/actions/action.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { putLocalFile } from '../storage/local/put-local-file.js'
import { readFileRange } from '../storage/local/read-files.js'
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
 * Brings finished Parquet files from local disk into the table's folder, where no version has them yet. Their footers are read from the
 * local disk.
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
  const started: Promise<AddFile>[] = []
  const publish = (file: WrittenFile): Promise<AddFile> => {
    const folders = layout.partitions.map(({ name }) => [name, file.partitionValues[name] ?? null] as const)
    const key = dataFileKey(location.runtime, folders, target.compression ?? 'snappy')
    keys.push(key)
    const published = publishFile(location, layout, file, key, options)
    started.push(published)
    return published
  }
  const added: AddFile[] = []
  try {
    for await (const add of mapConcurrent(files, CONCURRENCY, publish)) added.push(add)
    return added
  } catch (error) {
    // A put that is still on its way would come after the deletion.
    await Promise.allSettled(started)
    await location.store.delete(keys).catch(() => undefined)
    throw error
  }
}

async function publishFile(
  { store, runtime }: TableLocation,
  layout: FileLayout,
  file: WrittenFile,
  key: string,
  { signal, dataChange = true }: PublishOptions,
): Promise<AddFile> {
  const describing = newAddFile(layout, {
    key,
    source: localSource(file),
    values: layout.partitions.map(({ name }) => file.partitionValues[name] ?? null),
    modificationTime: runtime.clock.now(),
    dataChange,
  })
  const putting = putLocalFile(store, key, file.localPath, signal ? { signal } : {})
  // Both have ended when one fails: what was put is deleted then.
  const [described, put] = await Promise.allSettled([describing, putting])
  if (put.status === 'rejected') throw put.reason
  if (described.status === 'rejected') throw described.reason
  return described.value
}

function localSource({ localPath, size }: WrittenFile): ByteSource {
  return {
    name: localPath,
    size,
    read: async (start, end) => (await readFileRange(localPath, { range: { start, end } })) ?? new Uint8Array(0),
  }
}
