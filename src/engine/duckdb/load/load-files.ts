import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructType } from '../../../schema/data-type.js'
import type { FileFormat, LoadOptions } from '../../query-engine.js'
import { hasVariant } from '../../staging/json-column.js'
import type { EngineContext } from '../engine-context.js'
import { runStatement } from '../run-statement.js'
import { watchProgress } from '../watch-progress.js'
import { laneCount, writeInLanes } from '../write/lanes.js'
import { type CheckedFile, writeParquet } from '../write/write-parquet.js'
import { arrowSources } from './arrow-source.js'
import { badRow } from './bad-row.js'
import type { Check } from './conversion.js'
import { csvSources } from './csv-source.js'
import { type DiscardingSelect, discardingSelect } from './discarding-select.js'
import { inputPath } from './input-path.js'
import { LoadRules } from './load-rules.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'
import { ndjsonSource } from './ndjson-source.js'
import { parquetRanges } from './parquet-ranges.js'
import { parquetSources } from './parquet-source.js'
import { type Guard, sourceSelect } from './source-select.js'

/** See {@link QueryEngine.loadFiles}. */
export async function loadFiles(
  engine: EngineContext,
  files: readonly string[],
  format: FileFormat,
  target: WriteTarget,
  options: LoadOptions,
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
  const folders = [...paths.map((path) => dirname(path)), await realpath(engine.workDirectory)]
  const lease = await engine.instances.connect(folders)
  const stopProgress = await watchProgress(lease.connection, 'load', options.observer)
  try {
    const rules = options.rules && new LoadRules(options.rules, target.schema)
    const accepted = { ...target, schema: rules?.accepted ?? target.schema }
    const { discard } = options
    const sources = await sourcesOf(lease.connection, paths, format, {
      schema: accepted.schema,
      directory,
      allowsUnknown: discard !== undefined,
      signal: options.signal,
    })
    if (sources.length === 0) return []
    rules?.checkGiven(sources)
    const guards: Guard[] = []
    const fitting = (source: LoadSource, what: 'row' | 'value', from?: string): DiscardingSelect =>
      discardingSelect(source, accepted, { what, more: rules?.given(source) ?? [], from })
    const selectOf = (source: LoadSource, from?: string): string =>
      discard === undefined
        ? sourceSelect(source, accepted, { guards, rules, ...(from !== undefined && { from }) })
        : fitting(source, discard.what, from).rows
    const write = { rowGroupRows: engine.rowGroupRows, context: LOAD_CONTEXT, signal: options.signal }
    const rows = (): string => sources.map((source) => selectOf(source)).join('\nUNION ALL\n')
    const lanes = (await rangesOf(engine, lease.connection, sources, target, rules)).map((clauses, lane) =>
      clauses.map((from, i) => ({
        directory: join(directory, `${lane}-${i}`),
        select: () => selectOf(sources[0] as LoadSource, from),
      })),
    )
    const written = await (lanes.length > 0
      ? writeInLanes(engine, folders, lanes, target, { ...write, operation: 'load', observer: options.observer })
      : writeParquet(lease.connection, rules?.select(rows()) ?? rows(), target, directory, write)
    ).catch(async (error: unknown) => {
      const guard = guards[Number(CHECK_FAILED.exec(errorText(error))?.[1] ?? -1)]
      const cause = guard && (await badRow(lease.connection, guard.source, guard.check, options.signal))
      throw cause ?? (await rules?.explain(error, lease.connection, sources, accepted, options.signal)) ?? error
    })
    await refuseNulls(lease.connection, written, accepted, sources, options.signal)
    rules?.numbered(sources, written)
    if (discard !== undefined) {
      for (const source of sources) {
        const { counts } = fitting(source, discard.what)
        const [row] = await runStatement(lease.connection, counts, LOAD_CONTEXT, { signal: options.signal })
        discard.count(Number(row?.rows), Number(row?.discarded))
      }
    }
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

/** The parts in which rows are written side by side: those of Parquet files of one shape, where neither partitions nor rules bind them. */
async function rangesOf(
  engine: EngineContext,
  connection: DuckDBConnection,
  sources: readonly LoadSource[],
  target: WriteTarget,
  rules: LoadRules | undefined,
): Promise<readonly (readonly string[])[]> {
  const [source] = sources
  if (source?.isParquet !== true || sources.length > 1 || target.partitionColumns.length > 0 || rules !== undefined)
    return []
  const sizes = await Promise.all(source.files.map(async (file) => (await stat(file)).size))
  const count = laneCount(
    engine,
    sizes.reduce((sum, size) => sum + size, 0),
  )
  return count < 2 ? [] : parquetRanges(connection, source, count)
}

const CHECK_FAILED = /lakewright check (\d+)/

interface SourceOptions {
  /** That rows may have. */
  readonly schema: StructType
  /** For what is converted on the way. */
  readonly directory: string
  /** Whether columns that the table lacks are no mistake. */
  readonly allowsUnknown: boolean
  readonly signal: AbortSignal | undefined
}

async function sourcesOf(
  connection: DuckDBConnection,
  files: readonly string[],
  format: FileFormat,
  { schema, directory, allowsUnknown, signal }: SourceOptions,
): Promise<LoadSource[]> {
  switch (format) {
    case 'csv':
      return csvSources(files)
    case 'ndjson':
      return ndjsonSource(connection, files, schema, { allowsUnknown, signal })
    case 'parquet':
      return parquetSources(connection, files)
    case 'arrow':
      return arrowSources(connection, files, directory, signal)
  }
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
