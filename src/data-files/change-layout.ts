import { arrowSchema } from '../arrow/arrow-schema.js'
import { partitionDirectory } from '../protocol/partition-directory.js'
import { COLUMN_MAPPING_MODE } from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'
import type { Runtime } from '../runtime/runtime.js'
import { CHANGE_TYPE } from '../scan/change-columns.js'
import type { StructType } from '../schema/data-type.js'
import { type FileLayout, fileLayout } from './file-layout.js'
import type { WriteTarget } from './write-target.js'

/** The layout of change data files: that of data files, and behind it `_change_type`, which has neither a physical name nor a field id. */
export function changeLayout(target: WriteTarget): FileLayout {
  const layout = fileLayout(target)
  const physical: StructType = { type: 'struct', fields: [...layout.physical.fields, CHANGE_TYPE] }
  return {
    ...layout,
    storedColumns: [...layout.storedColumns, target.schema.fields.length],
    physical,
    arrow: arrowSchema(physical, { fieldIds: tableProperty(target, COLUMN_MAPPING_MODE) !== 'none' }),
  }
}

/**
 * The key of a new change data file: `_change_data/month=3/cdc-00000-<uuid>.c000.snappy.parquet` (PROTOCOL.md, "Change Data Files").
 * @param partition as for `dataFileKey`
 */
export function changeFileKey(
  runtime: Runtime,
  partition: Iterable<readonly [column: string, value: string | null]>,
  compression: string,
): string {
  const directory = partitionDirectory(partition)
  const codec = compression === 'uncompressed' ? '' : `.${compression}`
  return `_change_data/${directory === '' ? '' : `${directory}/`}cdc-00000-${runtime.uuid()}.c000${codec}.parquet`
}
