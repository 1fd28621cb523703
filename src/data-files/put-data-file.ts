import { bytesSource } from '../parquet/bytes-source.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { TableLocation } from '../storage/table-location.js'
import { dataFileKey } from './data-file-key.js'
import type { FileLayout } from './file-layout.js'
import { newAddFile } from './new-add-file.js'

/** A finished Parquet file in memory. */
export interface EncodedFile {
  readonly bytes: Uint8Array
  /** Of its partition, serialised. */
  readonly values: readonly (string | null)[]
  /** Names its codec in the key. */
  readonly compression: string
  readonly dataChange: boolean
  readonly withoutNaN: (path: readonly string[]) => boolean
}

/** Puts a data file into the table's folder and describes it. @param onKey is told the key before the put begins */
export async function putDataFile(
  location: TableLocation,
  layout: FileLayout,
  { bytes, values, compression, dataChange, withoutNaN }: EncodedFile,
  onKey: (key: string) => void,
  signal: AbortSignal | undefined,
): Promise<AddFile> {
  const folders = layout.partitions.map((field, i) => [field.name, values[i] ?? null] as const)
  const key = dataFileKey(location.runtime, folders, compression)
  onKey(key)
  // Nobody else has the name, so the put may be repeated where a reply is lost.
  await location.store.put(key, bytes, { mode: 'overwrite', untilCreate: true, ...(signal && { signal }) })
  return newAddFile(layout, {
    key,
    source: bytesSource(key, bytes),
    values,
    modificationTime: location.runtime.clock.now(),
    dataChange,
    withoutNaN,
  })
}
