import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { quoteText } from '../../../expressions/sql-quote.js'
import type { AddFile } from '../../../protocol/actions/action.js'
import type { RowSet } from '../../../protocol/deletion-vector/row-set.js'
import type { ScanPlan } from '../../../scan/scan-plan.js'
import type { StructField } from '../../../schema/data-type.js'
import type { QueryOptions } from '../../query-engine.js'
import type { AffectedFile, FoundRows, ParsedRowChange, RowChange, RowChangeRequest } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { hiddenColumns, type RowTrackingColumns } from '../table/row-tracking-sql.js'
import { rowTrackingOf } from '../table/source-table.js'
import type { RowsWhere } from '../table/table-sql.js'
import { watchProgress } from '../watch-progress.js'
import { changeFeedSql, changeTarget } from './change-feed-sql.js'
import type { ChangeRelations } from './change-relations.js'
import { ChangeRules } from './change-rules.js'
import type { EarlyRows } from './early-rows.js'
import { effectiveCondition, foundRowsSql } from './found-rows-sql.js'
import type { leadingKey } from './leading-key.js'
import { CHANGE_CONTEXT, explainedBadRow, MANY_ROWS, newRowsSql, rowsOf } from './new-rows-sql.js'
import { type OpenTarget, openTarget } from './open-target.js'
import { openRowSets } from './read-row-sets.js'
import { mayMatchTwice, refuseDuplicates } from './refuse-duplicates.js'
import { mayUpdateAtOnce, updateAtOnce } from './update-at-once.js'
import type { UpdatedRows } from './updated-rows.js'
import { type SelectsOptions, writeSelects } from './write-selects.js'

const LONG = { type: 'long' } as const
/** A row of a table takes so many bytes in its files, at least: tells which of two relations has more rows. */
const BYTES_OF_A_ROW = 10
/** Pairs of rows take some fifty bytes each where they are looked up. */
const MANY_PAIRS = 500_000

interface ChangeParts {
  readonly engine: EngineContext
  readonly request: RowChangeRequest
  readonly names: ChangeRelations
  /** For what is written. */
  readonly directory: string
  readonly early: EarlyRows | undefined
  readonly leading: ReturnType<typeof leadingKey>
  readonly options: QueryOptions
}

/** A change of rows in one connection: the rows found stand in a temporary table, which spills like everything else. */
export class DuckDbRowChange implements RowChange {
  readonly #parts: ChangeParts
  readonly #tracking: RowTrackingColumns | undefined
  #opened: OpenTarget | undefined
  #rowsWhere: RowsWhere | undefined
  #closed = false
  #matchedAnew: ReadonlySet<number> = new Set()
  #rowsFound = 0
  /** Whether each pair of rows has a row of the source of its own, and every such pair a clause. */
  #matchedOnce = false
  #updated: UpdatedRows | undefined

  constructor(parts: ChangeParts) {
    this.#parts = parts
    this.#tracking = rowTrackingOf(parts.request.snapshot)
  }

  async find(plan: ScanPlan): Promise<FoundRows> {
    const { engine, request, names, leading, options } = this.#parts
    const { signal } = options
    this.#opened = await openTarget(engine, request, plan, names, options)
    this.#rowsWhere = this.#opened.rowsWhere
    const { files } = this.#opened
    const { connection } = this.#opened.lease
    const { found, clause, foundFile, foundRow, foundSource } = names
    return this.#watched(async () => {
      this.#updated = await this.#askingFiles((rowsWhere) => {
        if (!mayUpdateAtOnce(request)) return undefined
        return updateAtOnce({ connection, request, names, rowsWhere, write: this.#writing })
      })
      if (this.#updated !== undefined) {
        return { files: affectedFiles(files, this.#updated.sets), counts: [this.#updated.numRows] }
      }
      const keepsSource =
        (request.source?.numRows ?? 0) * BYTES_OF_A_ROW <= files.reduce((sum, { size }) => sum + size, 0)
      const way = { keepsSource, leadingKey: keepsSource ? await leading : undefined }
      const rows =
        (await this.#askingFiles((rowsWhere) =>
          this.#runAll(foundRowsSql(request.change, names, { ...way, rowsWhere })),
        )) ?? (await this.#runAll(foundRowsSql(request.change, names, way)))
      const { changed, unchanged } = await this.#countChanged(rows)
      const pairs = changed.reduce((sum, n) => sum + n, 0)
      // Where each pair has a clause, the rows of the source that match some are told by the way.
      const tells = unchanged === 0 && request.change.clauses.some(({ action }) => action === 'insert')
      const columns = tells ? [foundFile, foundRow, `coalesce(${foundSource}, -1)`] : [foundFile, foundRow]
      const places = `SELECT ${columns.join(', ')} FROM ${found} WHERE ${clause} IS NOT NULL`
      const coming = await openRowSets(connection, { sql: places, rows: pairs }, CHANGE_CONTEXT, signal)
      // DuckDB counts while rows are put into sets here.
      const counting = coming.isApart && !tells ? this.#countInserted(undefined) : undefined
      const [{ sets, sources }, early] = await Promise.all([coming.read(), counting])
      if (tells) this.#matchedOnce = sources === pairs
      const inserted = early ?? (await this.#countInserted(tells ? sources : undefined))
      const counts = changed.map((n, i) => n + (inserted[i] as number))
      const distinct = [...sets.values()].reduce((sum, { cardinality }) => sum + cardinality, 0)
      if (distinct < pairs) await refuseDuplicates(connection, request.change, names, CHANGE_CONTEXT, signal)
      this.#rowsFound = counts.reduce((sum, n) => sum + n, 0)
      if (keepsSource) this.#matchedAnew = manyMatched(request.change, counts)
      return { files: affectedFiles(files, sets), counts }
    })
  }

  /** Rows of the table that each clause applies to, and pairs of rows that none does. @param found how many rows and pairs were found */
  async #countChanged(found: number): Promise<{ readonly changed: readonly number[]; readonly unchanged: number }> {
    const { request, names } = this.#parts
    const { clauses } = request.change
    const countsOnce = mayMatchTwice(request.change)
    const [only, ...others] = clauses.filter(({ action }) => action !== 'insert')
    if (only?.rows === 'matched' && only.condition === undefined && others.length === 0 && !countsOnce) {
      return { changed: clauses.map((clause) => (clause === only ? found : 0)), unchanged: 0 }
    }
    const { clause, foundFile, foundRow } = names
    const once = countsOnce ? `(SELECT DISTINCT ${foundFile}, ${foundRow}, ${clause} FROM ${names.found})` : names.found
    const rows = await this.#run(`SELECT ${clause} AS clause, count(*) AS n FROM ${once} GROUP BY ${clause}`)
    const countOf = (position: number | null): number =>
      Number(rows.find((row) => (row.clause === null ? null : Number(row.clause)) === position)?.n ?? 0)
    return { changed: clauses.map((_, i) => countOf(i)), unchanged: countOf(null) }
  }

  /** Rows of the source that each clause applies to. @param matched how many rows of the source match one of the table, where that is known */
  async #countInserted(matched: number | undefined): Promise<number[]> {
    const { names, request } = this.#parts
    const { change, source } = request
    const counts: number[] = []
    for (const [i, { action }] of change.clauses.entries()) {
      if (action !== 'insert') counts.push(0)
      else if (matched === undefined || effectiveCondition(change.clauses, i) !== undefined) {
        counts.push(await this.#count(rowsOf(change, i, names)))
      } else counts.push((source?.numRows ?? 0) - matched)
    }
    return counts
  }

  async #count(from: string): Promise<number> {
    const [row] = await this.#run(`SELECT count(*) AS n FROM ${from}`)
    return Number(row?.n)
  }

  async writeRows(): Promise<WrittenFile[]> {
    const { request, names, early, options } = this.#parts
    const { signal } = options
    const { target } = request
    const tracking = this.#tracking
    if (this.#updated !== undefined) return this.#watched(this.#updated.writeRows)
    if (this.#matchedOnce) {
      const written = await this.#watched(async () => early?.files())
      if (written !== undefined) return written
    }
    await early?.end()
    const hidden = hiddenColumns(tracking)
    const rules = request.rules && new ChangeRules(request.rules, target.schema, request.change.clauses)
    const rows = await newRowsSql(this.#connection, request.change, names, {
      hidden: { rowId: tracking?.rowId, all: hidden },
      matchedAnew: this.#matchedAnew,
      mayUnite: !request.changeFeed && rules === undefined && this.#rowsFound < MANY_ROWS,
      matchedOnce: this.#matchedOnce,
      rowsWhere: this.#rowsWhere,
      rules,
    })
    if (rows.selects.length === 0) return []
    const fields = [...target.schema.fields, ...hidden.map((name) => hiddenField(name))]
    const withIds = { ...target, schema: { type: 'struct' as const, fields } }
    const all = rows.selects
      .map(({ position, sql }) => (request.changeFeed ? `SELECT *, ${position} AS ${names.clause} FROM (${sql})` : sql))
      .join('\nUNION ALL\n')
    const select = rules?.select(all) ?? all
    return this.#watched(async () => {
      if (request.changeFeed) await this.#keepWritten(select)
      const kept = rows.selects.map(
        ({ position }) =>
          `SELECT * EXCLUDE (${names.clause}) FROM ${names.written} WHERE ${names.clause} = ${position}`,
      )
      const made = rules === undefined ? rows.selects.map(({ sql }) => sql) : [select]
      const written = await this.#write('rows', withIds, request.changeFeed ? kept : made)
      await rules?.numbered(this.#connection, all, signal)
      return written
    }).catch(async (error: unknown) => {
      const cause = await explainedBadRow(this.#connection, rows, error, signal)
      throw cause ?? (await rules?.explain(error, this.#connection, all, signal)) ?? error
    })
  }

  async writeChanges(): Promise<WrittenFile[]> {
    const { request, names } = this.#parts
    if (this.#updated !== undefined) return this.#watched(this.#updated.writeChanges)
    const selects = changeFeedSql(request.change, names)
    return this.#watched(() => this.#write('changes', changeTarget(request.target), selects))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const { early, leading, directory } = this.#parts
    await early?.end()
    await leading
    await this.#opened?.close()
    await rm(directory, { recursive: true, force: true })
  }

  #write(name: string, target: WriteTarget, selects: readonly string[]): Promise<WrittenFile[]> {
    const statements = this.#rowsFound < MANY_ROWS ? [selects.join('\nUNION ALL\n')] : selects
    return writeSelects(this.#connection, statements, target, { ...this.#writing, name })
  }

  get #writing(): Omit<SelectsOptions, 'name'> {
    const { engine, directory, options } = this.#parts
    return { directory, rowGroupRows: engine.rowGroupRows, context: CHANGE_CONTEXT, signal: options.signal }
  }

  /** New rows are needed twice. Where they may be others the second time, or numbers are given to them, they are kept in a file: a temporary table of wide rows takes more memory than it is given. */
  async #keepWritten(select: string): Promise<void> {
    const { engine, request, names, directory } = this.#parts
    let from = `(${select})`
    if (!request.change.repeatable || !request.change.valuesRepeatable || request.rules !== undefined) {
      const path = join(directory, 'written.parquet')
      await this.#run(`COPY (${select}) TO ${quoteText(path)} (FORMAT parquet, ROW_GROUP_SIZE ${engine.rowGroupRows})`)
      from = `read_parquet(${quotePath(path)}, hive_partitioning = false)`
    }
    await this.#run(`CREATE TEMP VIEW ${names.written} AS SELECT * FROM ${from}`)
  }

  /** Of the relations: to be used after `find`. */
  get #connection(): DuckDBConnection {
    return (this.#opened as OpenTarget).lease.connection
  }

  /** Works something out from conditions that are asked of the files. Undefined where that cannot be, or fails for what may be a row that is deleted: then it is to be done, and to fail, by the view of the table. */
  async #askingFiles<T>(work: (rowsWhere: RowsWhere) => Promise<T> | undefined): Promise<T | undefined> {
    const { signal } = this.#parts.options
    if (this.#rowsWhere === undefined) return undefined
    try {
      return await work(this.#rowsWhere)
    } catch (error) {
      if (!this.#rowsWhere.asksHidden || signal?.aborted === true) throw error
      this.#rowsWhere = undefined
      return undefined
    }
  }

  /** @returns how many rows they made */
  async #runAll(statements: readonly string[]): Promise<number> {
    let rows = 0
    for (const sql of statements) rows += Number((await this.#run(sql))[0]?.Count)
    return rows
  }

  #run(sql: string): ReturnType<typeof runStatement> {
    return runStatement(this.#connection, sql, CHANGE_CONTEXT, { signal: this.#parts.options.signal })
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    const stop = await watchProgress(this.#connection, 'change', this.#parts.options.observer)
    try {
      return await work()
    } finally {
      stop()
    }
  }
}

function affectedFiles(files: readonly AddFile[], sets: ReadonlyMap<number, RowSet>): AffectedFile[] {
  return [...sets].sort(([a], [b]) => a - b).map(([position, rows]) => ({ file: files[position] as AddFile, rows }))
}

/** The clauses of a merge with so many pairs of rows that to look them up takes more memory than to match them anew, if that gives the same pairs. */
function manyMatched({ source, clauses, repeatable }: ParsedRowChange, counts: readonly number[]): ReadonlySet<number> {
  if (source === undefined || !repeatable) return new Set()
  return new Set([...clauses.keys()].filter((i) => clauses[i]?.rows === 'matched' && (counts[i] ?? 0) >= MANY_PAIRS))
}

function hiddenField(name: string): StructField {
  return { name, dataType: LONG, nullable: true, metadata: {} }
}
