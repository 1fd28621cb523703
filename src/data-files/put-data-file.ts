import type { RecordBatch } from 'apache-arrow'
import { nanColumns } from '../arrow/nan-columns.js'
import { bytesSource } from '../parquet/bytes-source.js'
import { encodeParquet } from '../parquet/encode-parquet.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { dataFileKey } from './data-file-key.js'
import type { FileLayout } from './file-layout.js'
import { newAddFile } from './new-add-file.js'
import type { WriteTarget } from './write-target.js'

/** Rows of one partition, as files store them. */
export interface FileRows {
  readonly values: readonly (string | null)[]
  readonly batches: readonly RecordBatch[]
  readonly dataChange: boolean
}

/** Encodes one data file, puts it into the table's folder and describes it. */
export async function putDataFile(
  location: TableLocation,
  target: WriteTarget,
  layout: FileLayout,
  rows: FileRows,
  signal: AbortSignal | undefined,
): Promise<AddFile> {
  const { compression = 'snappy', rowGroupRows } = target
  const bytes = await encodeParquet(rows.batches, {
    schema: layout.arrow,
    compression,
    ...(rowGroupRows !== undefined && { rowGroupRows }),
    ...(signal && { signal }),
  })
  const folders = layout.partitions.map((field, i) => [field.name, rows.values[i] ?? null] as const)
  const key = dataFileKey(location.runtime, folders, compression)
  // Nobody else has this key: an overwrite is repeated where a reply is lost, a create is not.
  await location.store.put(key, bytes, { mode: 'overwrite', ...(signal && { signal }) })
  const hasNaN = nanColumns(rows.batches, layout.physical)
  return newAddFile(layout, {
    key,
    source: bytesSource(key, bytes),
    values: rows.values,
    modificationTime: location.runtime.clock.now(),
    dataChange: rows.dataChange,
    withoutNaN: (path) => !hasNaN(path),
  })
}
