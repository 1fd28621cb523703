import type { QueryEngine } from '../../engine/query-engine.js'
import type { RowChangeText, SourceRows } from '../../engine/row-change.js'
import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import type { Predicate } from '../../expressions/predicate.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { Action } from '../../protocol/actions/action.js'
import { DELETED_FILE_RETENTION_DURATION } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { planScan } from '../../scan/plan-scan.js'
import type { StructType } from '../../schema/data-type.js'
import { resolveColumn } from '../../schema/resolve-column.js'
import { sameType } from '../../schema/same-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { mergeMetrics } from '../operation/merge/merge-metrics.js'
import { type MergeSource, openSource } from '../operation/merge/merge-source.js'
import { changeRows } from '../operation/row-change/change-rows.js'
import type { ChangedRows, PreparedChange } from '../operation/row-change/row-change-kind.js'
import { resolveWhere } from '../operation/where.js'
import type { ApplyChangesOptions } from './apply-changes-options.js'
import { END_AT, type EventPlan, eventPlan, START_AT } from './event-plan.js'
import {
  anyDeleteSql,
  columnNames,
  EVENTS,
  type EventConditions,
  keyNames,
  SAYS,
  sameKey,
  TARGET,
  TOMBSTONES,
  tombstonesSql,
} from './events-sql.js'
import { historyClauses, historySql } from './history-sql.js'
import { latestClauses, latestSql } from './latest-sql.js'
import { checkRemembers, forgetTombstones, readTombstones, writeTombstones } from './tombstones.js'

const SOURCE = 'source'

/** How often events are applied anew because another writer applied some at the same time. */
const MAX_ATTEMPTS = 10

/**
 * Applies events to a table in one commit: the newest event of each key counts, in whatever order they come, now or later. See {@link ApplyChangesOptions}.
 *
 * @throws InvalidInput for events without key or sequence, and for those that cannot be ordered; UnsupportedFeature where deletes cannot be remembered; InvalidArgument, UnknownColumn,
 * InvalidPredicate; and as `changeRows`. Nothing is committed then.
 */
export async function applyChanges(
  snapshot: Snapshot,
  source: MergeSource,
  options: ApplyChangesOptions,
): Promise<ChangedRows> {
  if (options.applyAsDelete !== undefined || options.applyAsTruncate !== undefined) checkRemembers(snapshot)
  await using handle = new EngineHandle(options, { table: snapshot.location })
  const engine = await handle.open()
  const events = await openSource(engine, source, snapshot.schema, options)
  await using work = new Application(engine, events, await conditionsOf(events.schema, handle, options), options)
  for (let attempt = 1, base = snapshot; ; attempt++, base = await base.refresh(options.signal)) {
    try {
      const changed = await changeRows(
        base,
        { operation: 'MERGE', prepare: (current) => work.prepare(current), metrics: mergeMetrics },
        handle,
        options,
      )
      await work.finish(changed)
      return changed
    } catch (error) {
      // Somebody else remembered other deletes.
      if (!isDeltaError(error, 'ConcurrentTransaction') || attempt === MAX_ATTEMPTS) throw said(error)
    }
  }
}

async function conditionsOf(
  events: StructType,
  handle: EngineHandle,
  { applyAsDelete, applyAsTruncate }: ApplyChangesOptions,
): Promise<EventConditions> {
  const [deleted, truncated] = [
    await resolveWhere(applyAsDelete, events, handle),
    await resolveWhere(applyAsTruncate, events, handle),
  ]
  return {
    deleted: deleted && predicateToSql(deleted, events),
    truncated: truncated && predicateToSql(truncated, events),
  }
}

/** What our own SQL says of the events, without what the engine says around it. */
function said(error: unknown): unknown {
  if (!isDeltaError(error, 'InvalidInput')) return error
  const start = error.message.indexOf(SAYS)
  if (start < 0) return error
  const text = error.message.slice(start + SAYS.length)
  return new DeltaError('InvalidInput', `${text.charAt(0).toUpperCase()}${text.slice(1)} Nothing was changed.`, {
    cause: error,
  })
}

/** One application of events: worked out anew for each version that it is tried on. */
class Application implements AsyncDisposable {
  readonly #engine: QueryEngine
  readonly #events: SourceRows
  readonly #conditions: EventConditions
  readonly #options: ApplyChangesOptions
  readonly #derived: SourceRows[] = []
  /** Of the tries; all but the last are left over. */
  readonly #files: string[] = []

  constructor(engine: QueryEngine, events: SourceRows, conditions: EventConditions, options: ApplyChangesOptions) {
    this.#engine = engine
    this.#events = events
    this.#conditions = conditions
    this.#options = options
  }

  async prepare(snapshot: Snapshot): Promise<PreparedChange> {
    const { scd = 1, signal, ignoreNullUpdates: ignoreNulls = false, applyAsTruncate } = this.#options
    const plan = eventPlan(this.#events.schema, snapshot.schema, this.#options)
    const keys = keyNames(plan)
    const remembers = this.#conditions.deleted !== undefined || this.#conditions.truncated !== undefined
    const tombstones = this.#kept(await readTombstones(snapshot, this.#engine, keys, signal))
    const predicate = applyAsTruncate === undefined ? await this.#bounds(plan, snapshot.schema) : undefined
    const sql = scd === 1 ? latestSql : historySql
    const needsTarget = scd === 2 || ignoreNulls || applyAsTruncate !== undefined
    const source = await this.#derive(
      sql(plan, this.#conditions, { hasTombstones: tombstones !== undefined, ignoreNulls }),
      tombstones,
      needsTarget ? { [TARGET]: await this.#targetPlan(plan, snapshot, predicate) } : {},
    )
    const text = changeText(plan, snapshot.schema, source, scd)
    return {
      text,
      source,
      ...(predicate && { predicate }),
      operationParameters: { predicate: JSON.stringify([text.on]), applyChanges: `scd ${scd}` },
      actions: remembers ? await this.#remember(plan, snapshot, tombstones) : [],
    }
  }

  /** @param changed what was committed */
  async finish({ result, snapshot }: ChangedRows): Promise<void> {
    if (this.#files.length === 0) return
    if (!result.skipped) this.#files.pop()
    const retention = tableProperty(snapshot.metadata, DELETED_FILE_RETENTION_DURATION)
    await forgetTombstones(snapshot, retention, this.#options.signal).catch(() => undefined)
    if (this.#files.length > 0) await snapshot.location.store.delete(this.#files).catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rows of [...this.#derived, this.#events]) await rows.release()
  }

  /** New deletes go into a new file, together with those that are remembered. */
  async #remember(plan: EventPlan, snapshot: Snapshot, tombstones: SourceRows | undefined): Promise<readonly Action[]> {
    const { dryRun, scd = 1, signal } = this.#options
    if (dryRun) return []
    const { location, metadata } = snapshot
    const fresh = await this.#derive(anyDeleteSql(plan, this.#conditions), undefined)
    if (fresh.numRows === 0) return []
    const now = location.runtime.clock.now()
    const since = now - tableProperty(metadata, DELETED_FILE_RETENTION_DURATION)
    const rows = await this.#derive(
      tombstonesSql(plan, this.#conditions, { kept: tombstones !== undefined, latestOnly: scd === 1, now, since }),
      tombstones,
    )
    const { action, key } = await writeTombstones(snapshot, rows, keyNames(plan), signal)
    this.#files.push(key)
    return [action]
  }

  async #derive(
    sql: string,
    tombstones: SourceRows | undefined,
    tables: { readonly [name: string]: Awaited<ReturnType<typeof planScan>> } = {},
  ): Promise<SourceRows> {
    const { signal, observer } = this.#options
    const sources = { [EVENTS]: this.#events, ...(tombstones && { [TOMBSTONES]: tombstones }) }
    const watched = { ...(signal && { signal }), ...(observer && { observer }) }
    return this.#kept(await this.#engine.deriveRows(sql, { sources, tables }, watched))
  }

  #kept<Rows extends SourceRows | undefined>(rows: Rows): Rows {
    if (rows !== undefined) this.#derived.push(rows)
    return rows
  }

  /** What the keys of the events ask of rows of the table; undefined where that cannot be said. */
  async #bounds(plan: EventPlan, table: StructType): Promise<Predicate | undefined> {
    const { schema } = this.#events
    const keys = plan.keys.filter(({ event, table: name }) => {
      return sameType(resolveColumn(schema, [event]).field.dataType, resolveColumn(table, [name]).field.dataType)
    })
    const { signal } = this.#options
    const pairs = keys.map(({ event, table: name }) => ({ source: event, target: name }))
    return this.#engine.sourceBounds(this.#events, pairs, signal ? { signal } : {})
  }

  #targetPlan(plan: EventPlan, snapshot: Snapshot, predicate: Predicate | undefined): ReturnType<typeof planScan> {
    const { scd = 1, signal } = this.#options
    const history = [...columnNames(plan), START_AT, END_AT]
    const columns = [...keyNames(plan), ...(scd === 1 ? [plan.stored] : history)]
    return planScan(snapshot, { columns, ...(predicate && { where: predicate }), ...(signal && { signal }) })
  }
}

function changeText(plan: EventPlan, schema: StructType, source: SourceRows, scd: 1 | 2): RowChangeText {
  const start = quoteIdentifier(START_AT)
  const on = sameKey(plan, TARGET, SOURCE)
  return {
    target: TARGET,
    schema,
    source: { name: SOURCE, schema: source.schema },
    on: scd === 1 ? on : `${on} AND ${TARGET}.${start} = ${SOURCE}.${start}`,
    clauses: scd === 1 ? latestClauses(plan, SOURCE) : historyClauses(plan, SOURCE),
  }
}
