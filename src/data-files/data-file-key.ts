import { partitionDirectory } from '../protocol/partition-directory.js'
import type { Runtime } from '../runtime/runtime.js'

/**
 * The key of a new data file: `month=3/part-00000-<uuid>-c000.snappy.parquet`. Hive-style folders are a habit of readers, not a
 * promise: the truth about partition values stands in the log.
 * @param partition serialised values by the name that the folder shows, in the order of the partition columns
 */
export function dataFileKey(
  runtime: Runtime,
  partition: Iterable<readonly [column: string, value: string | null]>,
  compression: string,
): string {
  const directory = partitionDirectory(partition)
  const codec = compression === 'uncompressed' ? '' : `.${compression}`
  const name = `part-00000-${runtime.uuid()}-c000${codec}.parquet`
  return directory === '' ? name : `${directory}/${name}`
}
