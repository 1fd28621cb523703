import type { QueryEngine } from '../../../engine/query-engine.js'
import type { ParsedRowChange, RowChangeText, SourceRows } from '../../../engine/row-change.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructType } from '../../../schema/data-type.js'
import { resolveColumn } from '../../../schema/resolve-column.js'
import type { Snapshot } from '../../../snapshot/snapshot.js'
import { EngineHandle } from '../engine-handle.js'
import { evolveTable } from '../evolve-table.js'
import { changeRows } from '../row-change/change-rows.js'
import type { ChangedRows, PreparedChange } from '../row-change/row-change-kind.js'
import type { RowChangeOptions } from '../row-change/row-change-options.js'
import { contractOf } from '../schema-contract.js'
import type { MergeClause } from './merge-clause.js'
import { mergeClauses } from './merge-clauses.js'
import { mergeMetrics } from './merge-metrics.js'
import type { MergeNames } from './merge-names.js'
import { type MergeSource, type MergeSourceOptions, openSource } from './merge-source.js'
import { mergedColumns } from './merged-columns.js'

export interface MergeOptions extends RowChangeOptions, MergeSourceOptions {
  /** Adds columns that only the source has to the table, and widens types where the table allows it: those that clauses with all columns take, or that are set by name. */
  readonly mergeSchema?: boolean | undefined
  /**
   * What becomes of several rows of the source with the same key. Default `error`: ConstraintViolated where they match the same row of the table. With a column, the row in which it
   * is greatest counts, also for inserts; `on` must then ask for columns to be equal. ConstraintViolated where different rows of a key share it.
   */
  readonly onDuplicateSource?: 'error' | { readonly latestBy: string } | undefined
  /** What the table is called in SQL. Default `target`. */
  readonly targetAlias?: string | undefined
  /** What the source is called in SQL. Default `source`. */
  readonly sourceAlias?: string | undefined
}

/** A merge: what is merged in, when rows match, and what happens then. */
export interface MergeRequest {
  readonly source: MergeSource
  /** SQL over both rows, or names of columns that must be equal. */
  readonly on: string | readonly string[]
  readonly clauses: readonly MergeClause[]
}

/**
 * Changes rows of a table by the rows of a source, in one commit: see {@link MergeRequest}. The source is read once.
 *
 * @throws InvalidPredicate, InvalidArgument, UnknownColumn, AmbiguousColumn, SchemaMismatch; ConstraintViolated for several rows of the source that match the same row; and as
 * `changeRows`
 */
export async function mergeRows(
  snapshot: Snapshot,
  { source: input, on, clauses }: MergeRequest,
  options: MergeOptions,
): Promise<ChangedRows> {
  const { targetAlias: target = 'target', sourceAlias: source = 'source', signal, observer } = options
  checkAliases(target, source)
  const latestBy = latestByOf(options)
  const watched = { ...(signal && { signal }), ...(observer && { observer }) }
  await using handle = new EngineHandle(options, { table: snapshot.location })
  let rows: SourceRows | undefined
  let deduplicated = false
  const kind = {
    operation: 'MERGE' as const,
    insertsOnly: clauses.every(({ action }) => action === 'insert'),
    async prepare(base: Snapshot, engine: QueryEngine): Promise<PreparedChange> {
      rows ??= await openSource(engine, input, base.schema, options)
      const { mergeSchema } = options
      const evolves = contractOf(base.metadata, { mergeSchema }) === 'evolve'
      const evolved = evolves ? evolveTable(base, mergedColumns(clauses, rows.schema, base.schema)) : base
      const names = { target, source, targetSchema: evolved.schema, sourceSchema: rows.schema }
      const text: RowChangeText = {
        target,
        schema: evolved.schema,
        source: { name: source, schema: rows.schema },
        on: condition(on, names),
        clauses: mergeClauses(clauses, names),
      }
      const change = await engine.parseRowChange(text)
      if (latestBy !== undefined && !deduplicated) {
        const by = resolveColumn(rows.schema, [latestBy]).field.name
        rows = await engine.latestRows(rows, equalColumns(change), by, watched)
        deduplicated = true
      }
      const bounded = rows
      // Rows that match nothing may be any.
      const matchedOnly = clauses.every(({ rows: which }) => which !== 'notMatchedBySource')
      return {
        text,
        parsed: change,
        source: rows,
        ...(matchedOnly && change.targetCondition && { predicate: change.targetCondition }),
        ...(matchedOnly && { bounds: () => engine.sourceBounds(bounded, change.keys, watched) }),
        ...(evolved.metadata !== base.metadata && { metadata: evolved.metadata }),
        rowsApart: touchesAllMatches(clauses),
        operationParameters: parameters(text),
      }
    },
    metrics: mergeMetrics,
  }
  try {
    // Awaited here: the source is gone when the engine is closed.
    return await changeRows(snapshot, kind, handle, options)
  } finally {
    await rows?.release()
  }
}

/** Whether no row of the table that is left as it is keeps a row of the source from being inserted. */
function touchesAllMatches(clauses: readonly MergeClause[]): boolean {
  const inserts = clauses.some(({ rows }) => rows === 'notMatched')
  return !inserts || clauses.some(({ rows, condition: when }) => rows === 'matched' && when === undefined)
}

function checkAliases(target: string, source: string): void {
  if (target !== '' && source !== '' && target.toLowerCase() !== source.toLowerCase()) return
  throw new DeltaError('InvalidArgument', 'The table and the source need different names: choose another alias.')
}

function latestByOf({ onDuplicateSource = 'error' }: MergeOptions): string | undefined {
  if (onDuplicateSource === 'error') return undefined
  if (typeof onDuplicateSource?.latestBy === 'string') return onDuplicateSource.latestBy
  throw new DeltaError(
    'InvalidArgument',
    `onDuplicateSource must be 'error', or name the column whose greatest value counts, { latestBy: 'at' }, not ${JSON.stringify(onDuplicateSource)}.`,
  )
}

function condition(on: MergeRequest['on'], { target, source, targetSchema, sourceSchema }: MergeNames): string {
  if (typeof on === 'string') return on
  if (!Array.isArray(on)) {
    throw new DeltaError(
      'InvalidArgument',
      "A merge needs to know when rows match: SQL such as 'target.id = source.id', or names of columns that must be equal.",
    )
  }
  if (on.length === 0) throw new DeltaError('InvalidArgument', 'Name the columns that must be equal for rows to match.')
  const column = (relation: string, schema: StructType, name: string): string =>
    `${quoteIdentifier(relation)}.${quoteIdentifier(resolveColumn(schema, [name]).field.name)}`
  return on.map((name) => `${column(target, targetSchema, name)} = ${column(source, sourceSchema, name)}`).join(' AND ')
}

function equalColumns({ keys }: ParsedRowChange): readonly string[] {
  if (keys.length > 0) return keys.map(({ source }) => source)
  throw new DeltaError(
    'InvalidArgument',
    'onDuplicateSource with a column needs keys: let the condition of the merge ask for columns of the same type to be equal, as in target.id = source.id.',
  )
}

function parameters({ on, clauses }: RowChangeText): { readonly [name: string]: string } {
  const predicates = (wanted: string): string =>
    JSON.stringify(
      clauses
        .filter(({ rows }) => rows === wanted)
        .map(({ action, condition: predicate }) => ({
          ...(predicate !== undefined && { predicate }),
          actionType: action,
        })),
    )
  return {
    predicate: JSON.stringify([on]),
    matchedPredicates: predicates('matched'),
    notMatchedPredicates: predicates('notMatched'),
    notMatchedBySourcePredicates: predicates('notMatchedBySource'),
  }
}
