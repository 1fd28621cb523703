import type { ByteSource } from '../parquet/byte-source.js'
import { footerStatistics } from '../parquet/footer-statistics.js'
import type { AddFile } from '../protocol/actions/action.js'
import { encodeFilePath } from '../protocol/file-path.js'
import { serializeStatistics } from '../protocol/statistics/serialize-statistics.js'
import type { FileLayout } from './file-layout.js'

/** A finished Parquet file and where it was put. */
export interface PutFile {
  readonly key: string
  /** Its bytes: only the footer is read. */
  readonly source: ByteSource
  /** Serialised, in the order of the partition columns. */
  readonly values: readonly (string | null)[]
  readonly modificationTime: number
  readonly dataChange: boolean
  /** Which columns of floats have no NaN, where the rows were seen. */
  readonly withoutNaN?: (path: readonly string[]) => boolean
}

/** Describes a new data file for the log; its statistics come from its footer (PROTOCOL.md, "Per-file Statistics"). */
export async function newAddFile(layout: FileLayout, file: PutFile): Promise<AddFile> {
  const statistics = await footerStatistics(
    file.source,
    layout.indexed,
    file.withoutNaN === undefined ? {} : { withoutNaN: file.withoutNaN },
  )
  return {
    type: 'add',
    path: encodeFilePath(file.key),
    partitionValues: Object.fromEntries(
      layout.partitions.map(({ physicalName }, i) => [physicalName, file.values[i] ?? null]),
    ),
    size: file.source.size,
    modificationTime: file.modificationTime,
    dataChange: file.dataChange,
    stats: serializeStatistics(statistics, layout.indexed),
  }
}
