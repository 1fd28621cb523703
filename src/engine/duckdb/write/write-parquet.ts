import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBMapValue, DuckDBValue } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { isDeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { ErrorContext } from '../duckdb-error.js'
import { runStatement } from '../run-statement.js'
import { partitionKeySql, partitionValueOfKey } from './partition-key.js'
import { splitFile } from './split-file.js'
import { type StoredLayout, storedLayout } from './stored-layout.js'

const DEFAULT_FILE_SIZE = 128 * 2 ** 20
/** Rows of a row group: larger ones cost DuckDB more memory and time than they save readers. */
const MAX_ROW_GROUP_ROWS = 262_144
/** A file is split when it is this many times the target size. */
const SPLIT_FACTOR = 1.5

/** A file as DuckDB reports it. */
interface CopiedFile {
  readonly localPath: string
  readonly size: number
  readonly numRows: number
  readonly keys: readonly string[]
  /** Of top-level columns, by physical name. */
  readonly nullCounts: ReadonlyMap<string, bigint>
}

/** A written file, and how many nulls its columns have where that is known, by logical name. */
export interface CheckedFile extends WrittenFile {
  readonly nullCounts: ReadonlyMap<string, bigint>
}

/**
 * Writes the rows of a SELECT, which delivers the table's columns under their logical names, as Parquet files of the table into a
 * folder: physical names and field ids, no partition columns, files of about the target size. Without partitions rows keep their order.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  target: WriteTarget,
  directory: string,
  context: ErrorContext,
  signal?: AbortSignal,
): Promise<CheckedFile[]> {
  const layout = storedLayout(target)
  const copied =
    layout.partitions.length === 0
      ? await copyTo(
          connection,
          `SELECT ${layout.columns.join(', ')} FROM (${select})`,
          join(directory, 'data.parquet'),
          formatOptions(target, layout),
          layout,
          context,
          signal,
        )
      : await copyPartitions(connection, select, target, directory, layout, context, signal)
  const targetSize = target.targetFileSize ?? DEFAULT_FILE_SIZE
  const files: CheckedFile[] = []
  for (const file of copied) {
    const parts = file.size > targetSize * SPLIT_FACTOR ? await splitFile(file, targetSize) : [file]
    files.push(...parts.map((part) => checkedFile({ ...file, ...part }, layout)))
  }
  return files
}

async function copyPartitions(
  connection: DuckDBConnection,
  select: string,
  target: WriteTarget,
  directory: string,
  layout: StoredLayout,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<CopiedFile[]> {
  const keys = layout.partitions.map(({ key, field }) => {
    return `${partitionKeySql(quoteIdentifier(field.name), field.dataType)} AS ${key}`
  })
  const keyNames = layout.partitions.map(({ key }) => key).join(', ')
  const keyed = `SELECT ${[...layout.columns, ...keys].join(', ')} FROM (${select})`
  const options = [...formatOptions(target, layout), `PARTITION_BY (${keyNames})`]
  const unsorted = join(directory, 'unsorted')
  try {
    return await copyTo(connection, keyed, unsorted, options, layout, context, signal)
  } catch (error) {
    if (!isDeltaError(error, 'ResourceExhausted')) throw error
    // Too many partitions are open at once: sorted, they come one after the other.
    await rm(unsorted, { recursive: true, force: true })
    const sorted = `${keyed} ORDER BY ${keyNames}`
    return copyTo(connection, sorted, join(directory, 'sorted'), options, layout, context, signal)
  }
}

function formatOptions(target: WriteTarget, layout: StoredLayout): string[] {
  const rows = Math.max(1, Math.min(target.rowGroupRows ?? MAX_ROW_GROUP_ROWS, MAX_ROW_GROUP_ROWS))
  return [
    'FORMAT parquet',
    `COMPRESSION ${target.compression ?? 'snappy'}`,
    `ROW_GROUP_SIZE ${rows}`,
    'RETURN_STATS',
    // Few readers use them.
    'WRITE_BLOOM_FILTER false',
    ...(layout.fieldIds === undefined ? [] : [`FIELD_IDS ${layout.fieldIds}`]),
  ]
}

async function copyTo(
  connection: DuckDBConnection,
  select: string,
  path: string,
  options: readonly string[],
  layout: StoredLayout,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<CopiedFile[]> {
  const sql = `COPY (${select}) TO ${quoteText(path)} (${options.join(', ')})`
  const rows = await runStatement(connection, sql, context, { signal })
  return rows
    .map((row) => ({
      localPath: String(row.filename),
      size: Number(row.file_size_bytes),
      numRows: Number(row.count),
      keys: layout.partitions.map(({ key }) => String(entries(row.partition_keys).get(key))),
      nullCounts: nullCounts(row.column_statistics),
    }))
    .filter((file) => file.numRows > 0)
}

function nullCounts(statistics: DuckDBValue | undefined): ReadonlyMap<string, bigint> {
  const counts = new Map<string, bigint>()
  for (const [column, facts] of entries(statistics)) {
    const count = entries(facts).get('null_count')
    if (count !== undefined) counts.set(column, BigInt(String(count)))
  }
  return counts
}

function entries(map: DuckDBValue | undefined): Map<string, DuckDBValue> {
  const found = (map as DuckDBMapValue | null | undefined)?.entries ?? []
  return new Map(found.map(({ key, value }) => [String(key), value]))
}

function checkedFile(file: CopiedFile, layout: StoredLayout): CheckedFile {
  const { localPath, size, numRows } = file
  const partitionValues: Record<string, string | null> = {}
  layout.partitions.forEach(({ field }, i) => {
    partitionValues[field.name] = partitionValueOfKey(file.keys[i] as string, field.dataType)
  })
  const named = layout.stored.flatMap(({ field, column }) => {
    const count = file.nullCounts.get(column)
    return count === undefined ? [] : ([[field.name, count]] as const)
  })
  return { localPath, size, numRows, partitionValues, nullCounts: new Map(named) }
}
