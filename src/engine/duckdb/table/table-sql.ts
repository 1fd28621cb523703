import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import { isMetadataColumn } from '../../../scan/metadata-column.js'
import type { ColumnMappingMode } from '../../../schema/column-mapping.js'
import type { StructField } from '../../../schema/data-type.js'
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
  return blocksOf(table, (files, firstFile) => block(table, files, firstFile) + mask(files, firstFile))
}

/** @param sql of neighbouring files, the first of which has a position in the table */
function blocksOf({ files }: SourceTable, sql: (files: readonly StagedFile[], firstFile: number) => string): string {
  const blocks: string[] = []
  for (let firstFile = 0; firstFile < files.length; firstFile += BLOCK_FILES) {
    blocks.push(sql(files.slice(firstFile, firstFile + BLOCK_FILES), firstFile))
  }
  return blocks.join('\nUNION ALL\n')
}

function block(table: SourceTable, files: readonly StagedFile[], firstFile: number): string {
  const { columns, entries } = blockParts(table, files, firstFile, (_, i) => `c${i}`)
  return `SELECT ${columns.join(', ')} FROM ${readParquet(files, entries)}`
}

/** @param aliasOf names that the columns of the files are read under */
function blockParts(
  table: SourceTable,
  files: readonly StagedFile[],
  firstFile: number,
  aliasOf: (field: StructField, i: number) => string,
): { readonly columns: readonly string[]; readonly entries: readonly string[] } {
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
    const alias = aliasOf(field, i)
    entries.push(schemaEntry(field, alias, mode))
    return `${logicalColumn(field, quoteIdentifier(alias), mode)} AS ${name}`
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
  return { columns, entries }
}

/** The rows of a table for which a condition holds. */
export interface RowsWhere {
  /** A FROM item with the name and the columns of the table. @param condition over the columns that it was said to read, by their logical names */
  from(condition: string | undefined): string
  /** Whether the condition is asked of rows, too, that deletion vectors hide: it may fail because of one. */
  readonly asksHidden: boolean
}

/**
 * A table whose files are asked a condition before the columns are decoded that it does not need: what a condition asks of a view DuckDB finds out after it has read the whole row, if it may fail, as all
 * arithmetic may. Undefined where the columns that it reads do not stand in the files as they are.
 *
 * @param name of the table, not quoted
 * @param conditionColumns logical names
 */
export function rowsWhere(
  table: SourceTable,
  mask: RowMask,
  name: string,
  conditionColumns: ReadonlySet<string>,
): RowsWhere | undefined {
  const { files, schema, partitionColumns, availableColumns, rowTracking } = table
  if (files.length === 0 || rowTracking !== undefined) return undefined
  const mode = columnKeys(table)
  const isPlain = schema.fields.every((field) => {
    if (!conditionColumns.has(field.name)) return true
    const isStored = !partitionColumns.includes(field.name) && availableColumns?.has(field.name) !== false
    return isStored && !isVirtualColumn(field.name) && logicalColumn(field, 'c', mode) === 'c'
  })
  if (!isPlain) return undefined
  let prefix = 'c'
  while (schema.fields.some((field) => field.name.toLowerCase().startsWith(prefix))) prefix = `${prefix}_`
  const quoted = quoteIdentifier(name)
  return {
    asksHidden: files.some(({ deletedRows }) => deletedRows !== undefined),
    from(condition) {
      const where = condition === undefined ? '' : ` WHERE ${condition}`
      const selects = blocksOf(table, (some, firstFile) => {
        const { columns, entries } = blockParts(table, some, firstFile, (field, i) =>
          conditionColumns.has(field.name) ? field.name : `${prefix}${i}`,
        )
        const read = `SELECT *, file_index, file_row_number FROM ${readParquet(some, entries)} AS ${quoted}${where}`
        return `SELECT ${columns.join(', ')} FROM (${read})${mask(some, firstFile)}`
      })
      return `(${selects}) AS ${quoted}`
    },
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
