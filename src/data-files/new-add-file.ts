import { footerStatistics } from '../parquet/footer-statistics.js'
import type { ByteSource } from '../parquet/parquet-file.js'
import type { AddFile } from '../protocol/actions/action.js'
import { encodeFilePath } from '../protocol/file-path.js'
import { DATA_SKIPPING_NUM_INDEXED_COLS, DATA_SKIPPING_STATS_COLUMNS } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import { serializeStatistics } from '../protocol/statistics/serialize-statistics.js'
import type { FileLayout } from './file-layout.js'
import type { WriteTarget } from './write-target.js'

/** A finished Parquet file and where it was put. */
export interface PutFile {
  readonly key: string
  /** Its bytes: only the footer is read. */
  readonly source: ByteSource
  /** Serialised, in the order of the partition columns. */
  readonly values: readonly (string | null)[]
  readonly modificationTime: number
  readonly dataChange: boolean
}

/** Describes a new data file for the log; its statistics come from its footer (PROTOCOL.md, "Per-file Statistics"). */
export async function newAddFile(target: WriteTarget, layout: FileLayout, file: PutFile): Promise<AddFile> {
  const statistics = await footerStatistics(file.source, layout.physical, {
    indexedColumns: tableProperty(target, DATA_SKIPPING_NUM_INDEXED_COLS),
    statsColumns: tableProperty(target, DATA_SKIPPING_STATS_COLUMNS),
  })
  return {
    type: 'add',
    path: encodeFilePath(file.key),
    partitionValues: Object.fromEntries(
      layout.partitions.map(({ physicalName }, i) => [physicalName, file.values[i] ?? null]),
    ),
    size: file.source.size,
    modificationTime: file.modificationTime,
    dataChange: file.dataChange,
    stats: serializeStatistics(statistics, layout.physical),
  }
}
