import { isDeltaError } from '../../errors/delta-error.js'
import { errorText } from '../../errors/error-text.js'
import { bytesSource } from '../../parquet/bytes-source.js'
import { corrupt, type Footer, keyValues, readFooter } from '../../parquet/footer.js'
import { legacyCalendar } from '../../parquet/legacy-calendar.js'
import { type MergedFile, mergeFiles } from '../../parquet/merge/merge-files.js'
import { chunksOf } from '../../parquet/mini-file.js'
import { objectSource, withStoredObject } from '../../parquet/object-source.js'
import { CODEC } from '../../parquet/pages/page-format.js'
import { readNodes } from '../../parquet/pages/read-node.js'
import { isReadable } from '../../parquet/pages/read-pages.js'
import { parseSchema, type SchemaNode } from '../../parquet/parquet-schema.js'
import type { ThriftStruct } from '../../parquet/thrift-type.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parsePartitionValue, serializePartitionValue } from '../../protocol/partition-value.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { oneAhead } from '../../runtime/one-ahead.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { TableLocation } from '../../storage/table-location.js'
import { dataFileKey } from '../data-file-key.js'
import { dataFileMissing } from '../data-file-missing.js'
import { type FileLayout, fileLayout } from '../file-layout.js'
import { newAddFile } from '../new-add-file.js'
import { rowTrackingNames } from '../row-tracking-column.js'
import type { WriteTarget } from '../write-target.js'
import { knownWithoutNaN } from './known-without-nan.js'
import { hasColumns, storeAlike } from './same-schema.js'

export interface MergeOptions {
  readonly signal?: AbortSignal
  /** Is told how many rows were written, row group by row group. */
  readonly onRows?: (rows: number) => void
}

/** A file in the place of others, which no version has yet. */
export interface MergedDataFile {
  readonly add: AddFile
  readonly numRows: number
}

/** Files that are opened at once. */
const CONCURRENCY = 8
/** Smaller files are fetched in one request, footer and all. */
const WHOLE_BYTES = 1 << 20

/**
 * Makes one file of several of a partition without decoding values, see `mergeFiles` of parquet/: that is faster, and takes no engine. Undefined where that cannot be done, and nothing was written then: files that hide rows, that other
 * writers stored in other ways, of a schema that the table had before, of other compression; tables whose rows have ids.
 *
 * @throws DataFileMissing, CorruptData, StorageUnavailable, StorageFull, Aborted
 */
export async function mergeDataFiles(
  snapshot: Snapshot,
  files: readonly AddFile[],
  target: WriteTarget,
  { signal, onRows }: MergeOptions = {},
): Promise<MergedDataFile | undefined> {
  const { location, metadata } = snapshot
  const { compression = 'snappy' } = target
  const { rowId, commitVersion } = rowTrackingNames(metadata)
  const [first] = files
  if (first === undefined || files.length < 2 || compression === 'zstd') return undefined
  if (files.some((file) => file.deletionVector !== undefined) || rowId !== undefined || commitVersion !== undefined) {
    return undefined
  }
  const layout = fileLayout(target)
  const abort = signal === undefined ? {} : { signal }
  const values = layout.partitions.map(({ physicalName, dataType }) =>
    serializePartitionValue(parsePartitionValue(first.partitionValues[physicalName] ?? null, dataType), dataType),
  )
  const folders = layout.partitions.map(({ name }, i) => [name, values[i] ?? null] as const)
  const key = dataFileKey(location.runtime, folders, compression)
  const codec = CODEC[compression]
  let attempt = { numRows: 0 }
  const body = (): AsyncIterable<Uint8Array> => {
    // Its own: an earlier one may still be at work.
    const rowsSoFar = { numRows: 0 }
    attempt = rowsSoFar
    const merged = mergeFiles(alikeFiles(location, files, layout, codec, signal), {
      codec,
      signal,
      onRows(rows) {
        rowsSoFar.numRows += rows
        onRows?.(rowsSoFar.numRows)
      },
    })
    return oneAhead(merged)
  }
  try {
    const { size } = await location.store.put(key, body, { mode: 'overwrite', untilCreate: true, ...abort })
    const add = await newAddFile(layout, {
      key,
      source: objectSource(location.store, key, size),
      values,
      modificationTime: location.runtime.clock.now(),
      dataChange: false,
      withoutNaN: knownWithoutNaN(files, layout.indexed),
    })
    return { add, ...attempt }
  } catch (error) {
    if (error instanceof NotAlike) return undefined
    await location.store.delete([key]).catch(() => undefined)
    throw error
  }
}

/** Ends a merge that turns out not to be possible. */
class NotAlike extends Error {}

async function* alikeFiles(
  location: TableLocation,
  files: readonly AddFile[],
  layout: FileLayout,
  codec: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<MergedFile, void, undefined> {
  let first: readonly SchemaNode[] | undefined
  for await (const file of mapConcurrent(files, CONCURRENCY, (add) => openFile(location, add, signal))) {
    const { footer, source } = file
    try {
      const columns = parseSchema(footer.elements)
      first ??= columns
      if (!isMergeable(footer, columns, layout, codec) || !storeAlike(columns, first)) throw new NotAlike()
    } catch (cause) {
      throw cause instanceof NotAlike ? cause : corrupt(source.name, errorText(cause), cause)
    }
    yield file
  }
}

function isMergeable(footer: Footer, columns: readonly SchemaNode[], layout: FileLayout, codec: number): boolean {
  const stored = readNodes(columns)?.map(({ field }) => field)
  if (stored === undefined || !hasColumns(stored, layout.arrow.fields)) return false
  if (legacyCalendar({ metadata: keyValues(footer), rowGroups: [] }) !== undefined) return false
  const chunks = footer.rowGroups.flatMap((group) =>
    chunksOf(group).map(({ field_3 }) => (field_3 ?? {}) as ThriftStruct),
  )
  return chunks.every((chunk) => isReadable(chunk) && (chunk.field_4 === codec || chunk.field_4 === CODEC.uncompressed))
}

async function openFile(location: TableLocation, add: AddFile, signal: AbortSignal | undefined): Promise<MergedFile> {
  const { store, key } = location.resolve(add.path)
  try {
    return await withStoredObject(store, key, add.size, signal, async (stored) => {
      const { name, size } = stored
      const source = size > WHOLE_BYTES ? stored : bytesSource(name, await stored.read(0, size, signal))
      return { source, footer: await readFooter(source, signal) }
    })
  } catch (error) {
    throw isDeltaError(error, 'ObjectNotFound') ? dataFileMissing(location.url, add.path, error) : error
  }
}
