import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBMapValue, DuckDBValue } from '@duckdb/node-api'
import { DEFAULT_FILE_SIZE, type WriteTarget, type WrittenFile } from '../../../data-files/write-target.js'
import { isDeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { ErrorContext } from '../duckdb-error.js'
import { runStatement } from '../run-statement.js'
import { partitionKeySql, partitionValueOfKey } from './partition-key.js'
import { splitFile } from './split-file.js'
import { type StoredLayout, storedLayout } from './stored-layout.js'

/** A write that runs out of memory is tried again with row groups a quarter the size, down to this many rows. */
const LEAST_ROW_GROUP_ROWS = 8_192
/** Partitions that are written at a time where they come in order, and rows that wait to be written. */
const OPEN_PARTITIONS = 4
const PENDING_ROWS = 32_768
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

/** How the engine writes. */
export interface WriteOptions {
  /** Rows of a row group at most, beside what the target says. */
  readonly rowGroupRows: number
  readonly context: ErrorContext
  readonly signal?: AbortSignal | undefined
}

/** What is the same for every COPY of one write. */
interface Writing extends WriteOptions {
  readonly connection: DuckDBConnection
  readonly target: WriteTarget
  readonly layout: StoredLayout
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
  options: WriteOptions,
): Promise<CheckedFile[]> {
  const layout = storedLayout(target)
  const rowGroupRows = Math.max(1, Math.min(target.rowGroupRows ?? options.rowGroupRows, options.rowGroupRows))
  const writing = { ...options, rowGroupRows, connection, target, layout }
  const copied = await copyWithinMemory(writing, (attempt) =>
    layout.partitions.length === 0
      ? copyTo(attempt, `SELECT ${layout.columns.join(', ')} FROM (${select})`, join(directory, 'data.parquet'))
      : copyPartitions(attempt, select, directory),
  )
  const targetSize = target.targetFileSize ?? DEFAULT_FILE_SIZE
  const files: CheckedFile[] = []
  for (const file of copied) {
    const parts = file.size > targetSize * SPLIT_FACTOR ? await splitFile(file, targetSize) : [file]
    files.push(...parts.map((part) => checkedFile({ ...file, ...part }, layout)))
  }
  return files
}

async function copyWithinMemory(
  writing: Writing,
  copy: (writing: Writing) => Promise<CopiedFile[]>,
): Promise<CopiedFile[]> {
  try {
    return await copy(writing)
  } catch (error) {
    const rowGroupRows = Math.ceil(writing.rowGroupRows / 4)
    if (!isDeltaError(error, 'ResourceExhausted') || rowGroupRows < LEAST_ROW_GROUP_ROWS) throw error
    return copyWithinMemory({ ...writing, rowGroupRows }, copy)
  }
}

async function copyPartitions(writing: Writing, select: string, directory: string): Promise<CopiedFile[]> {
  const { layout } = writing
  const keys = layout.partitions.map(({ key, field }) => {
    return `${partitionKeySql(quoteIdentifier(field.name), field.dataType)} AS ${key}`
  })
  const keyNames = layout.partitions.map(({ key }) => key).join(', ')
  const keyed = `SELECT ${[...layout.columns, ...keys].join(', ')} FROM (${select})`
  const partitionBy = `PARTITION_BY (${keyNames})`
  const folder = join(directory, `partitions-${writing.rowGroupRows}`)
  try {
    return await copyTo(writing, keyed, folder, [partitionBy])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    if (!isDeltaError(error, 'ResourceExhausted')) throw error
    // Too many partitions are open at once: sorted, they come one after the other.
    return withFewOpen(writing, () =>
      copyTo(writing, `${keyed} ORDER BY ${keyNames}`, `${folder}-sorted`, [partitionBy]),
    )
  }
}

/** Keeps few partitions in memory. The settings are the instance's: others that write meanwhile are slowed down, no more. */
async function withFewOpen<T>({ connection, context }: Writing, write: () => Promise<T>): Promise<T> {
  await runStatement(connection, `SET partitioned_write_max_open_files = ${OPEN_PARTITIONS}`, context)
  await runStatement(connection, `SET partitioned_write_flush_threshold = ${PENDING_ROWS}`, context)
  try {
    return await write()
  } finally {
    await runStatement(connection, 'RESET partitioned_write_max_open_files', context)
    await runStatement(connection, 'RESET partitioned_write_flush_threshold', context)
  }
}

async function copyTo(
  { connection, target, layout, rowGroupRows, context, signal }: Writing,
  select: string,
  path: string,
  more: readonly string[] = [],
): Promise<CopiedFile[]> {
  const options = [
    'FORMAT parquet',
    `COMPRESSION ${target.compression ?? 'snappy'}`,
    `ROW_GROUP_SIZE ${rowGroupRows}`,
    'RETURN_STATS',
    // Few readers use them.
    'WRITE_BLOOM_FILTER false',
    ...(layout.fieldIds === undefined ? [] : [`FIELD_IDS ${layout.fieldIds}`]),
    ...more,
  ]
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
