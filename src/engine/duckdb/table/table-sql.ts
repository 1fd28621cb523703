import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import { isMetadataColumn } from '../../../scan/metadata-column.js'
import type { ColumnMappingMode } from '../../../schema/column-mapping.js'
import type { StagedFile } from '../../staging/staged-table.js'
import { quotePath } from '../quote-path.js'
import { typeSql } from '../type-sql.js'
import { isVirtualColumn } from '../virtual-columns.js'
import { logicalColumn, schemaEntry } from './column-sql.js'
import { partitionColumn } from './partition-sql.js'
import type { RowMask } from './row-mask.js'
import { hiddenColumns, rowTrackingSql } from './row-tracking-sql.js'
import type { SourceTable } from './source-table.js'

/**
 * Files read by one `read_parquet`. Partition values are looked up in a list as long as this, once a chunk: longer ones cost more
 * than the scan.
 */
export const BLOCK_FILES = 256

/** What DuckDB says when it reads a column whose bytes are not on local disk. */
export const UNFETCHED = 'lakewright did not fetch column'

/** `read_parquet` wants at least one column, also where only rows are counted. No file has a column of this name. */
const NO_COLUMN = "'': {name: 'c', type: 'BOOLEAN', default_value: NULL}"

/**
 * A SELECT that delivers the rows of a table under their logical names and types, in the order of its files: partition values put
 * in, missing columns null, rows of deletion vectors left out. Files without a deletion vector are scanned faster when they do not
 * stand between others that have one.
 */
export function tableSql(table: SourceTable, mask: RowMask): string {
  if (table.files.length === 0) return emptyTable(table)
  const blocks: string[] = []
  for (let firstFile = 0; firstFile < table.files.length; firstFile += BLOCK_FILES) {
    const files = table.files.slice(firstFile, firstFile + BLOCK_FILES)
    blocks.push(block(table, files, firstFile) + mask(files, firstFile))
  }
  return blocks.join('\nUNION ALL\n')
}

function block(table: SourceTable, files: readonly StagedFile[], firstFile: number): string {
  const entries: string[] = []
  const mode = columnKeys(table)
  const columns = table.schema.fields.map((field, i) => {
    const name = quoteIdentifier(field.name)
    if (table.partitionColumns.includes(field.name)) {
      return `${partitionColumn(field, files, table.columnMapping)} AS ${name}`
    }
    if (table.rowTracking !== undefined && isMetadataColumn(field)) {
      const tracking = rowTrackingSql(files, table.rowTracking)
      entries.push(...tracking.entries)
      return `struct_pack(row_id := ${tracking.rowId}, row_commit_version := ${tracking.commitVersion}) AS ${name}`
    }
    if (table.availableColumns?.has(field.name) === false) {
      return `CAST(error(${quoteText(`${UNFETCHED} ${field.name}`)}) AS ${typeSql(field.dataType)}) AS ${name}`
    }
    entries.push(schemaEntry(field, `c${i}`, mode))
    return `${logicalColumn(field, `c${i}`, mode)} AS ${name}`
  })
  if (table.materializesRowTracking && table.rowTracking !== undefined) {
    const tracking = rowTrackingSql(files, table.rowTracking)
    const { rowId, commitVersion } = table.rowTracking
    entries.push(...tracking.entries)
    if (rowId !== undefined) columns.push(`${tracking.rowId} AS ${quoteIdentifier(rowId)}`)
    if (commitVersion !== undefined) columns.push(`${tracking.commitVersion} AS ${quoteIdentifier(commitVersion)}`)
  }
  if (table.positions !== undefined) {
    columns.push(`CAST(file_index + ${firstFile} AS INTEGER) AS ${quoteIdentifier(table.positions.file)}`)
    columns.push(`file_row_number AS ${quoteIdentifier(table.positions.row)}`)
  }
  return `SELECT ${columns.join(', ')} FROM ${readParquet(files, entries)}`
}

/** A table that is read without a view, and where in it a row stands. */
export interface PlainTable {
  /** A FROM item with the name of the table. */
  readonly from: string
  readonly file: string
  readonly row: string
}

/**
 * A table whose columns its files hold as they are, without deletion vectors; undefined for others. A condition that may fail, as all arithmetic may, DuckDB asks of such rows before it decodes
 * the columns that the condition does not need; of the rows of a view afterwards.
 *
 * @param name quoted
 */
export function plainTable(table: SourceTable, name: string): PlainTable | undefined {
  const { files, schema, partitionColumns, availableColumns, rowTracking } = table
  const isBlock = files.length > 0 && files.length <= BLOCK_FILES
  if (!isBlock || rowTracking !== undefined || files.some(({ deletedRows }) => deletedRows !== undefined)) {
    return undefined
  }
  const mode = columnKeys(table)
  const fields = schema.fields.filter((field) => availableColumns?.has(field.name) !== false)
  const isPlain = fields.every((field) => {
    const isComputed = partitionColumns.includes(field.name) || isMetadataColumn(field)
    return !isComputed && logicalColumn(field, 'c', mode) === 'c' && !isVirtualColumn(field.name)
  })
  if (!isPlain || fields.length === 0) return undefined
  const entries = fields.map((field, i) => schemaEntry(field, `c${i}`, mode))
  const columns = fields.map((field) => quoteIdentifier(field.name)).join(', ')
  return {
    from: `${readParquet(files, entries)} AS ${name}(${columns})`,
    file: `CAST(${name}.file_index AS INTEGER)`,
    row: `${name}.file_row_number`,
  }
}

function readParquet(files: readonly StagedFile[], entries: readonly string[]): string {
  const paths = files.map((file) => quotePath(file.localPath)).join(', ')
  const schema = entries.length > 0 ? entries.join(', ') : NO_COLUMN
  return `read_parquet([${paths}], schema = MAP {${schema}}, hive_partitioning = false)`
}

/** Columns are found by id or by name, all in one way; those of row tracking have names only. */
function columnKeys({ columnMapping, rowTracking, materializesRowTracking, schema }: SourceTable): ColumnMappingMode {
  const readsTracking = materializesRowTracking || schema.fields.some(isMetadataColumn)
  return columnMapping === 'id' && rowTracking !== undefined && readsTracking ? 'name' : columnMapping
}

function emptyTable(table: SourceTable): string {
  const columns = table.schema.fields.map(
    (field) => `CAST(NULL AS ${typeSql(field.dataType)}) AS ${quoteIdentifier(field.name)}`,
  )
  if (table.materializesRowTracking) {
    for (const name of hiddenColumns(table.rowTracking))
      columns.push(`CAST(NULL AS BIGINT) AS ${quoteIdentifier(name)}`)
  }
  if (table.positions !== undefined) {
    columns.push(`CAST(NULL AS INTEGER) AS ${quoteIdentifier(table.positions.file)}`)
    columns.push(`CAST(NULL AS BIGINT) AS ${quoteIdentifier(table.positions.row)}`)
  }
  return `SELECT ${columns.join(', ')} WHERE FALSE`
}
