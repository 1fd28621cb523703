import { type ColumnMappingMode, columnMappingMode } from '../../../schema/column-mapping.js'
import type { StructType } from '../../../schema/data-type.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import type { StagedFile, StagedTable } from '../../staging/staged-table.js'

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
}

/** The files of a snapshot, some or all, with what its metadata says about reading them. */
export function sourceTable(snapshot: Snapshot, schema: StructType, staged: Omit<StagedTable, 'release'>): SourceTable {
  return {
    schema,
    partitionColumns: snapshot.metadata.partitionColumns,
    columnMapping: columnMappingMode(snapshot.metadata.configuration, snapshot.protocol),
    files: staged.files,
    ...(staged.availableColumns === undefined ? {} : { availableColumns: staged.availableColumns }),
  }
}
