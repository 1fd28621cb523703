import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructField } from '../../../schema/data-type.js'
import type { FileFormat, QueryOptions } from '../../query-engine.js'
import { hasVariant } from '../../staging/json-column.js'
import type { EngineContext } from '../engine-context.js'
import { typeSql } from '../type-sql.js'
import { watchProgress } from '../watch-progress.js'
import { type CheckedFile, writeParquet } from '../write/write-parquet.js'
import { arrowSources } from './arrow-source.js'
import { badRow } from './bad-row.js'
import type { Check } from './conversion.js'
import { convert } from './convert.js'
import { csvSources } from './csv-source.js'
import { inputPath } from './input-path.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'
import { matchFields } from './match-fields.js'
import { ndjsonSource } from './ndjson-source.js'
import { parquetSources } from './parquet-source.js'

/** See {@link QueryEngine.loadFiles}. */
export async function loadFiles(
  engine: EngineContext,
  files: readonly string[],
  format: FileFormat,
  target: WriteTarget,
  options: QueryOptions,
): Promise<WrittenFile[]> {
  if (files.length === 0) return []
  const variant = target.schema.fields.find(({ dataType }) => hasVariant(dataType))
  if (variant !== undefined) {
    throw new DeltaError(
      'UnsupportedType',
      `Files cannot be loaded into a table with variants (column ${variant.name}). Append their rows as objects instead.`,
      { details: { column: variant.name } },
    )
  }
  const paths = await Promise.all(files.map(inputPath))
  const directory = join(engine.workDirectory, `load-${randomUUID()}`)
  await mkdir(directory)
  const lease = await engine.instances.connect([
    ...paths.map((path) => dirname(path)),
    await realpath(engine.workDirectory),
  ])
  const stopProgress = await watchProgress(lease.connection, 'load', options.observer)
  try {
    const sources = await sourcesOf(lease.connection, paths, format, target, directory, options.signal)
    if (sources.length === 0) return []
    const checks: Guard[] = []
    const select = sources.map((source) => selectOf(source, target, checks)).join('\nUNION ALL\n')
    const written = await writeParquet(lease.connection, select, target, directory, {
      rowGroupRows: engine.rowGroupRows,
      context: LOAD_CONTEXT,
      signal: options.signal,
    }).catch(async (error: unknown) => {
      const guard = checks[Number(CHECK_FAILED.exec(errorText(error))?.[1] ?? -1)]
      const cause = guard && (await badRow(lease.connection, guard.source, guard.check, options.signal))
      throw cause ?? error
    })
    await refuseNulls(lease.connection, written, target, sources, options.signal)
    return written.map(({ localPath, size, numRows, partitionValues }) => ({
      localPath,
      size,
      numRows,
      partitionValues,
    }))
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  } finally {
    stopProgress()
    lease.release()
  }
}

/** A check and the source whose rows it is for; its position is what the failing statement tells. */
interface Guard {
  readonly source: LoadSource
  readonly check: Check
}

const CHECK_FAILED = /lakewright check (\d+)/

async function sourcesOf(
  connection: DuckDBConnection,
  files: readonly string[],
  format: FileFormat,
  target: WriteTarget,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<LoadSource[]> {
  switch (format) {
    case 'csv':
      return csvSources(files)
    case 'ndjson':
      return ndjsonSource(connection, files, target.schema, signal)
    case 'parquet':
      return parquetSources(connection, files)
    case 'arrow':
      return arrowSources(connection, files, directory, signal)
  }
}

/** The rows of a source as the table's columns, every value checked. */
function selectOf(source: LoadSource, target: WriteTarget, guards: Guard[]): string {
  const types = new Map(source.columns.map(({ name, type }) => [name, type]))
  const columns = matchFields(target.schema, [...types.keys()], []).map(({ field, source: name }) => {
    const type = name === undefined ? undefined : types.get(name)
    if (name === undefined || type === undefined) {
      return `CAST(NULL AS ${typeSql(field.dataType)}) AS ${quoteIdentifier(field.name)}`
    }
    const way = { textual: source.textual, path: [field.name] }
    const nullable = field.nullable || countsNulls(field, source, target)
    const { value, checks } = convert(quoteIdentifier(name), type, field.dataType, nullable, way)
    const cases = checks.map((check) => {
      guards.push({ source, check })
      return `WHEN ${check.condition} THEN error('lakewright check ${guards.length - 1}')`
    })
    const guarded = cases.length === 0 ? value : `CASE ${cases.join(' ')} ELSE ${value} END`
    return `${guarded} AS ${quoteIdentifier(field.name)}`
  })
  return `SELECT ${columns.join(', ')} FROM ${source.from(source.files)}`
}

/** True where the footers of the files written tell whether a column has nulls, so that no row needs to be looked at. */
function countsNulls({ name, dataType }: StructField, source: LoadSource, target: WriteTarget): boolean {
  const isNested = dataType.type === 'struct' || dataType.type === 'array' || dataType.type === 'map'
  return !source.textual && !isNested && !target.partitionColumns.includes(name)
}

async function refuseNulls(
  connection: DuckDBConnection,
  written: readonly CheckedFile[],
  target: WriteTarget,
  sources: readonly LoadSource[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const field of target.schema.fields) {
    if (field.nullable || !written.some((file) => (file.nullCounts.get(field.name) ?? 0n) > 0n)) continue
    for (const source of sources) {
      const name = source.columns.find((column) => column.name.toLowerCase() === field.name.toLowerCase())?.name
      if (name === undefined) continue
      const x = quoteIdentifier(name)
      const check: Check = {
        condition: `${x} IS NULL`,
        path: [field.name],
        problem: 'null',
        expected: field.dataType,
        subject: x,
      }
      const error = await badRow(connection, source, check, signal)
      if (error !== undefined) throw error
    }
  }
}
