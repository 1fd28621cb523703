import { rowTrackingNames } from '../../../data-files/row-tracking-column.js'
import { ENABLE_ROW_TRACKING } from '../../../protocol/properties/table-properties.js'
import { tableProperty } from '../../../protocol/properties/table-property.js'
import { type ColumnMappingMode, columnMappingMode } from '../../../schema/column-mapping.js'
import type { StructType } from '../../../schema/data-type.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { StagedFile, StagedTable } from '../../staging/staged-table.js'
import type { RowTrackingColumns } from './row-tracking-sql.js'

/** The files of one version of a table and how to read them. */
export interface SourceTable {
  /** The columns to deliver: logical names, with column mapping metadata in the fields. */
  readonly schema: StructType
  /** Logical names. */
  readonly partitionColumns: readonly string[]
  /** `delta.columnMapping.mode` (PROTOCOL.md, "Column Mapping"). */
  readonly columnMapping: ColumnMappingMode
  readonly files: readonly StagedFile[]
  /** The columns that the files hold bytes for; absent: all. Reading another one is an error, never a wrong answer. */
  readonly availableColumns?: ReadonlySet<string>
  /** For tables whose rows have ids. */
  readonly rowTracking?: RowTrackingColumns
  /** Deliver row ids and commit versions as columns of the names that they have in data files, behind the others. */
  readonly materializesRowTracking?: boolean
  /** Deliver the position of each row's file among `files` and of the row in its file as columns of these names, behind the others. */
  readonly positions?: { readonly file: string; readonly row: string }
}

/** The files of a snapshot, some or all, with what its metadata says about reading them. */
export function sourceTable(snapshot: Snapshot, schema: StructType, staged: Omit<StagedTable, 'release'>): SourceTable {
  const { metadata } = snapshot
  const rowTracking = rowTrackingOf(snapshot)
  return {
    schema,
    partitionColumns: metadata.partitionColumns,
    columnMapping: columnMappingMode(metadata.configuration),
    files: staged.files,
    ...(staged.availableColumns === undefined ? {} : { availableColumns: staged.availableColumns }),
    ...(rowTracking === undefined ? {} : { rowTracking }),
  }
}

/** The columns of row tracking, undefined where the table's rows have no ids. */
export function rowTrackingOf({ metadata }: Snapshot): RowTrackingColumns | undefined {
  return tableProperty(metadata, ENABLE_ROW_TRACKING) ? rowTrackingNames(metadata) : undefined
}
