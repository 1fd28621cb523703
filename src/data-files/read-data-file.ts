import type { Field, RecordBatch } from 'apache-arrow'
import { castColumn } from '../arrow/cast/cast-column.js'
import { castFields } from '../arrow/cast/cast-nested.js'
import type { Column } from '../arrow/column.js'
import { constantColumn } from '../arrow/constant-column.js'
import { filterOwnBatch } from '../arrow/filter-batch.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { isDeltaError } from '../errors/delta-error.js'
import type { BoundColumn } from '../expressions/bound-predicate.js'
import { ANY_VALUE, type ColumnBounds } from '../expressions/column-bounds.js'
import { legacyCalendar } from '../parquet/legacy-calendar.js'
import { withStoredObject } from '../parquet/object-source.js'
import { openParquet } from '../parquet/open-parquet.js'
import type { ParquetFile, RowGroup } from '../parquet/parquet-file.js'
import type { AddFile } from '../protocol/actions/action.js'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import { parsePartitionValue } from '../protocol/partition-value.js'
import { isMetadataColumn } from '../scan/metadata-column.js'
import { partitionBounds } from '../scan/partition-values.js'
import { storedName } from '../schema/column-mapping.js'
import type { StructField, StructType } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'
import { dataFileMissing } from './data-file-missing.js'
import { readDeletionVector } from './read-deletion-vector.js'
import { readRules } from './read-rules.js'
import { applyRowFilter } from './row-filter.js'
import { matchingRowGroups } from './row-group-bounds.js'
import { rowTrackingColumn } from './row-tracking-column.js'
import type { ScanLayout } from './scan-layout.js'
import { matchStoredFields } from './stored-fields.js'

/** What reading a file takes to know of it: an add, or a remove or cdc that says as much. */
export type ReadableFile = Pick<
  AddFile,
  'path' | 'size' | 'partitionValues' | 'deletionVector' | 'baseRowId' | 'defaultRowCommitVersion'
>

export interface ReadDataFileOptions {
  readonly signal?: AbortSignal | undefined
  /** These rows of the file, whatever its deletion vector says. Default: all that the deletion vector does not hide. */
  readonly only?: RowSet | undefined
}

/**
 * The live rows of one data file that fulfil the plan's predicate, as batches of the plan's schema, in file order; a batch without rows is left out. Row groups
 * whose statistics rule them out are not fetched.
 *
 * @throws DataFileMissing, CorruptData
 */
export async function* readDataFile(
  layout: ScanLayout,
  add: ReadableFile,
  { signal, only }: ReadDataFileOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const { file, name, deleted } = await openDataFile(layout, add, only, signal)
  const partitions = partitionValuesOf(layout, add)
  const groups = matchingRowGroups(file, layout.predicate, layout.mode, (column) =>
    boundsInLog(column, partitions),
  ).filter((index) => only === undefined || hasRowOf(file.rowGroups[index] as RowGroup, only))
  const stored = layout.storedFields
  const positions = matchStoredFields(file.schema.fields, stored, layout.mode)
  const columns = positions.flatMap((position) => (position === undefined ? [] : [fieldAt(file, position).name]))
  const { rowTracking } = layout
  // What a file lacks is left out of the batches.
  if (rowTracking !== undefined) columns.push(rowTracking.rowId ?? '', rowTracking.commitVersion ?? '')
  const rules = readRules(name, layout.mode, legacyCalendar(file))
  const rows = rowCounter(groups.map((index) => file.rowGroups[index] as RowGroup))
  const abort = signal === undefined ? {} : { signal }
  // Where it matters where in the file a row is, all of them are read.
  const hidden = rowTracking === undefined ? deleted : undefined
  for await (const batch of file.read({ columns, rowGroups: groups, hidden, ...abort })) {
    const firstRow = rows(batch.numRows)
    const cast = castFields(batch.data as Column, stored, [], rules, castColumn)
    const all = layout.readSchema.fields.map((field) => {
      if (rowTracking !== undefined && isMetadataColumn(field)) {
        return rowTrackingColumn(field.dataType as StructType, batch, add, firstRow, rowTracking)
      }
      const position = stored.indexOf(field)
      return position >= 0 ? (cast[position] as Column) : partitionColumn(field, partitions, batch.numRows)
    })
    const delivered = batchOf(layout.arrow, all.slice(0, layout.arrow.fields.length), batch.numRows)
    const marked = hidden === undefined ? (only ?? deleted)?.mask(firstRow, batch.numRows) : undefined
    const live = liveRows(layout, all, batch.numRows, marked, only === undefined ? 1 : 0)
    const result = live === undefined ? delivered : filterOwnBatch(delivered, live)
    if (result.numRows > 0) yield result
  }
}

async function openDataFile(
  { location }: ScanLayout,
  add: ReadableFile,
  only: RowSet | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly file: ParquetFile; readonly name: string; readonly deleted: RowSet | undefined }> {
  const { store, key } = location.resolve(add.path)
  const [file, deleted] = await Promise.all([
    withStoredObject(store, key, add.size, signal, (source) => openParquet(source, signal)).catch((error: unknown) => {
      throw isDeltaError(error, 'ObjectNotFound') ? dataFileMissing(location.url, add.path, error) : error
    }),
    add.deletionVector === undefined || only !== undefined
      ? undefined
      : readDeletionVector(location, add.deletionVector, signal),
  ])
  return { file, name: `${store.url}/${key}`, deleted }
}

/** By logical name; what the log lacks is null. */
function partitionValuesOf(layout: ScanLayout, add: ReadableFile): Map<string, Scalar | null> {
  return new Map(
    layout.partitionFields.map((field) => {
      const stored = storedName(field, layout.mode)
      const text = Object.hasOwn(add.partitionValues, stored) ? add.partitionValues[stored] : undefined
      return [field.name, parsePartitionValue(text ?? null, field.dataType)]
    }),
  )
}

/** Bounds of columns whose values do not stand in the file. */
function boundsInLog(
  { path, fields }: BoundColumn,
  partitions: ReadonlyMap<string, Scalar | null>,
): ColumnBounds | undefined {
  if (isMetadataColumn(fields[0])) return ANY_VALUE
  const value = path.length === 1 ? partitions.get(path[0] as string) : undefined
  return value === undefined ? undefined : partitionBounds(value)
}

function partitionColumn(field: StructField, values: ReadonlyMap<string, Scalar | null>, length: number): Column {
  return constantColumn(field.dataType, values.get(field.name) ?? null, length)
}

/**
 * One byte a row, undefined where all rows stay.
 * @param marked one byte a row: those that are `hidden` go
 */
function liveRows(
  { predicate, readSchema }: ScanLayout,
  columns: readonly Column[],
  length: number,
  marked: Uint8Array | undefined,
  hidden: 0 | 1,
): Uint8Array | undefined {
  if (predicate === undefined && marked === undefined) return undefined
  const live = new Uint8Array(length)
  for (let row = 0; row < length; row++) live[row] = marked?.[row] === hidden ? 0 : 1
  if (predicate !== undefined) applyRowFilter(live, predicate, readSchema, columns)
  return live
}

/** Tells the position in the file at which each next batch begins; batches do not reach over the end of a row group. */
function rowCounter(groups: readonly RowGroup[]): (length: number) => number {
  let group = 0
  let within = 0
  return (length) => {
    while (group < groups.length && within >= (groups[group] as RowGroup).numRows) {
      group++
      within = 0
    }
    const firstRow = (groups[group]?.firstRow ?? 0) + within
    within += length
    return firstRow
  }
}

function hasRowOf({ firstRow, numRows }: RowGroup, rows: RowSet): boolean {
  return rows.mask(firstRow, numRows).includes(1)
}

function fieldAt(file: ParquetFile, position: number): Field {
  return file.schema.fields[position] as Field
}
