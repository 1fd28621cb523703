import type { RecordBatch } from 'apache-arrow'
import type { AddFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { fileLayout } from './file-layout.js'
import { writePartitions } from './partitioned-files.js'
import { putDataFile } from './put-data-file.js'
import type { WriteTarget } from './write-target.js'

export interface WriteBatchesOptions {
  readonly signal?: AbortSignal
  /** False for rows that were in the table before. Default: true. */
  readonly dataChange?: boolean
  /** Bytes held over all partitions before the file that holds most is finished early. Default 256 MiB. */
  readonly maxBufferedBytes?: number
}

/**
 * Writes batches of the table's schema as Parquet files that no version has yet: one set of files a partition, a new file
 * after about `targetFileSize` bytes. Bounded memory: open files hold at most `maxBufferedBytes` together.
 *
 * @returns add actions, in the order in which files were finished. On failure what was written is deleted as far as that works;
 * what stays is an orphan for vacuum.
 * @throws StorageUnavailable, StorageFull, UnsupportedType, InvalidInput, Aborted, and what `batches` throws
 */
export async function writeBatches(
  location: TableLocation,
  target: WriteTarget,
  batches: AsyncIterable<RecordBatch>,
  options: WriteBatchesOptions = {},
): Promise<AddFile[]> {
  const layout = fileLayout(target)
  const { signal, dataChange = true } = options
  return writePartitions(location, target, batches, {
    ...options,
    layout,
    put: (file, onKey) => putDataFile(location, layout, { ...file, dataChange }, onKey, signal),
  })
}
