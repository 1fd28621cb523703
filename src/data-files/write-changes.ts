import type { RecordBatch } from 'apache-arrow'
import type { AddCdcFile } from '../protocol/actions/action.js'
import { encodeFilePath } from '../protocol/file-path.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import { putLocalFile } from '../storage/local/put-local-file.js'
import type { TableLocation } from '../storage/table-location.js'
import { changeFileKey, changeLayout } from './change-layout.js'
import type { FileLayout } from './file-layout.js'
import { writePartitions } from './partitioned-files.js'
import type { WriteTarget, WrittenFile } from './write-target.js'

export interface WriteChangesOptions {
  readonly signal?: AbortSignal
}

/** Uploads at once. */
const CONCURRENCY = 4

/**
 * Writes what happened to rows as change data files that no version has yet (PROTOCOL.md, "Add CDC File"): for tables with `delta.enableChangeDataFeed`, in the commit that
 * changes the rows. A commit that has such files must have them for all its changes; one that only adds or only removes rows needs none.
 *
 * @param batches of the table's schema, and a column `_change_type` (Utf8) behind it: `insert`, `delete`, `update_preimage`, `update_postimage`
 * @returns cdc actions. On failure what was written is deleted as far as that works.
 * @throws as `writeBatches`
 */
export async function writeChanges(
  location: TableLocation,
  target: WriteTarget,
  batches: AsyncIterable<RecordBatch>,
  { signal }: WriteChangesOptions = {},
): Promise<AddCdcFile[]> {
  const layout = changeLayout(target)
  return writePartitions(location, target, batches, {
    ...(signal && { signal }),
    layout,
    put: async ({ bytes, values, compression }, onKey) => {
      const key = keyOf(location, layout, values, compression)
      onKey(key)
      // Nobody else has the name, so the put may be repeated where a reply is lost.
      await location.store.put(key, bytes, { mode: 'overwrite', untilCreate: true, ...(signal && { signal }) })
      return cdcAction(layout, key, values, bytes.byteLength)
    },
  })
}

/**
 * Brings finished change data files from local disk into the table's folder.
 *
 * @param files physical column names, no partition columns inside, `_change_type` the last column
 * @returns cdc actions in the order of `files`. On failure what was put is deleted as far as that works.
 * @throws as `publishFiles`
 */
export async function publishChanges(
  location: TableLocation,
  target: WriteTarget,
  files: readonly WrittenFile[],
  { signal }: WriteChangesOptions = {},
): Promise<AddCdcFile[]> {
  const layout = changeLayout(target)
  const keys: string[] = []
  const started: Promise<AddCdcFile>[] = []
  const publish = (file: WrittenFile): Promise<AddCdcFile> => {
    const values = layout.partitions.map(({ name }) => file.partitionValues[name] ?? null)
    const key = keyOf(location, layout, values, target.compression ?? 'snappy')
    keys.push(key)
    const put = putLocalFile(location.store, key, file.localPath, signal ? { signal } : {})
    const published = put.then(() => cdcAction(layout, key, values, file.size))
    started.push(published)
    return published
  }
  const published: AddCdcFile[] = []
  try {
    for await (const action of mapConcurrent(files, CONCURRENCY, publish)) published.push(action)
    return published
  } catch (error) {
    // A put that is still on its way would come after the deletion.
    await Promise.allSettled(started)
    await location.store.delete(keys).catch(() => undefined)
    throw error
  }
}

function keyOf(
  { runtime }: TableLocation,
  { partitions }: FileLayout,
  values: readonly (string | null)[],
  compression: string,
): string {
  const folders = partitions.map(({ name }, i) => [name, values[i] ?? null] as const)
  return changeFileKey(runtime, folders, compression)
}

function cdcAction(
  { partitions }: FileLayout,
  key: string,
  values: readonly (string | null)[],
  size: number,
): AddCdcFile {
  return {
    type: 'cdc',
    path: encodeFilePath(key),
    partitionValues: Object.fromEntries(partitions.map(({ physicalName }, i) => [physicalName, values[i] ?? null])),
    size,
    dataChange: false,
  }
}
