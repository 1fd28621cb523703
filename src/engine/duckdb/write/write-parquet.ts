import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBMapValue, DuckDBValue } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { isDeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { ErrorContext } from '../duckdb-error.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { partitionKeySql, partitionValueOfKey } from './partition-key.js'
import { type StoredLayout, storedLayout } from './stored-layout.js'

const DEFAULT_FILE_SIZE = 128 * 2 ** 20
/** Rows of a row group: larger ones cost DuckDB more memory and time than they save readers. */
const MAX_ROW_GROUP_ROWS = 262_144
/** A partition's file is split in a second pass when it is this many times the target size. */
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
 * folder: physical names and field ids, no partition columns, files of about the target size, rows in order within a partition.
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
  const copy = (from: string, to: string, more: string): Promise<CopiedFile[]> =>
    copyTo(connection, from, join(directory, to), [...formatOptions(target, layout), more], layout, context, signal)
  const sizeLimit = `FILE_SIZE_BYTES ${target.targetFileSize ?? DEFAULT_FILE_SIZE}`
  if (layout.partitions.length === 0) {
    const files = await copy(`SELECT ${layout.columns.join(', ')} FROM (${select})`, 'files', sizeLimit)
    return files.map((file) => checkedFile(file, layout))
  }
  const keys = layout.partitions.map(({ key, field }) => {
    return `${partitionKeySql(quoteIdentifier(field.name), field.dataType)} AS ${key}`
  })
  const keyNames = layout.partitions.map(({ key }) => key).join(', ')
  const keyed = `SELECT ${[...layout.columns, ...keys].join(', ')} FROM (${select})`
  const partitionBy = `PARTITION_BY (${keyNames})`
  let files: CopiedFile[]
  try {
    files = await copy(keyed, 'partitions', partitionBy)
  } catch (error) {
    if (!isDeltaError(error, 'ResourceExhausted')) throw error
    // Too many partitions are open at once: sorted, they come one after the other.
    await rm(join(directory, 'partitions'), { recursive: true, force: true })
    files = await copy(`${keyed} ORDER BY ${keyNames}`, 'sorted', partitionBy)
  }
  const split: CopiedFile[] = []
  for (const [i, file] of files.entries()) {
    if (file.size <= (target.targetFileSize ?? DEFAULT_FILE_SIZE) * SPLIT_FACTOR) split.push(file)
    else {
      const parts = await copy(
        `SELECT * FROM read_parquet(${quotePath(file.localPath)}, hive_partitioning = false)`,
        `split-${i}`,
        sizeLimit,
      )
      split.push(...parts.map((part) => ({ ...part, keys: file.keys })))
      await rm(file.localPath, { force: true })
    }
  }
  return split.map((file) => checkedFile(file, layout))
}

function formatOptions(target: WriteTarget, layout: StoredLayout): string[] {
  const rows = Math.max(1, Math.min(target.rowGroupRows ?? MAX_ROW_GROUP_ROWS, MAX_ROW_GROUP_ROWS))
  return [
    'FORMAT parquet',
    `COMPRESSION ${target.compression ?? 'snappy'}`,
    `ROW_GROUP_SIZE ${rows}`,
    'RETURN_STATS',
    ...(layout.fieldIds === undefined ? [] : [`FIELD_IDS ${layout.fieldIds}`]),
  ]
}

async function copyTo(
  connection: DuckDBConnection,
  select: string,
  directory: string,
  options: readonly string[],
  layout: StoredLayout,
  context: ErrorContext,
  signal: AbortSignal | undefined,
): Promise<CopiedFile[]> {
  const sql = `COPY (${select}) TO ${quoteText(directory)} (${options.join(', ')})`
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
