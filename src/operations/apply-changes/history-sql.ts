import type { RowClause } from '../../engine/row-change.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import { END_AT, type EventPlan, START_AT } from './event-plan.js'
import {
  columnNames,
  DELETED,
  type EventConditions,
  eventRelations,
  keyNames,
  list,
  noTombstones,
  SEQUENCE,
  sameKey,
  TARGET,
  TOMBSTONES,
} from './events-sql.js'

const START = quoteIdentifier(START_AT)
const END = quoteIdentifier(END_AT)

export interface HistoryOptions {
  readonly hasTombstones: boolean
  readonly ignoreNulls: boolean
}

/**
 * The rows of history that must be written or deleted so that the table has, of each key that events speak of, all events in order: those that it has, those that are new, wherever they
 * belong, and deletes that are remembered.
 */
export function historySql(
  plan: EventPlan,
  conditions: EventConditions,
  { hasTombstones, ignoreNulls }: HistoryOptions,
): string {
  const keys = list(keyNames(plan))
  const names = columnNames(plan)
  const columns = [...keyNames(plan), ...names]
  const nulls = names.map((name) => `NULL AS ${quoteIdentifier(name)}`)
  const deletes = (from: string, at: string, where: string): string =>
    `SELECT ${[keys, ...nulls].join(', ')}, ${at} AS ${SEQUENCE}, TRUE AS ${DELETED}, 0 AS rank FROM ${from} ${where}`
  const partition = `PARTITION BY ${keys}`
  const filled = names.map((name) => {
    const column = quoteIdentifier(name)
    return `last_value(${column} IGNORE NULLS) OVER (${partition}, life ORDER BY ${SEQUENCE} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS ${column}`
  })
  const relations = [
    ...eventRelations(plan, conditions),
    ...(hasTombstones ? [] : [noTombstones(plan)]),
    `touched AS (SELECT DISTINCT ${keys} FROM checked)`,
    `history AS (SELECT * FROM ${TARGET} WHERE ${START} IS NOT NULL AND EXISTS (SELECT 1 FROM touched WHERE ${sameKey(plan, 'touched', TARGET)}))`,
    `known AS (
      SELECT ${list(columns)}, ${SEQUENCE}, ${DELETED}, 2 AS rank FROM checked
      UNION ALL SELECT ${list(columns)}, ${START}, FALSE, 1 FROM history
      UNION ALL ${deletes('history', END, `WHERE ${END} IS NOT NULL`)}
      UNION ALL ${deletes(TOMBSTONES, SEQUENCE, `WHERE EXISTS (SELECT 1 FROM touched WHERE ${sameKey(plan, 'touched', TOMBSTONES)})`)})`,
    `events_in_order AS (SELECT * EXCLUDE (rank) FROM known QUALIFY row_number() OVER (${partition}, ${SEQUENCE} ORDER BY rank DESC) = 1)`,
    `lives AS (SELECT *, count(*) FILTER (WHERE ${DELETED}) OVER (${partition} ORDER BY ${SEQUENCE}) AS life FROM events_in_order)`,
    `whole AS (SELECT ${[keys, ...(ignoreNulls ? filled : [list(names)].filter((text) => text !== ''))].join(', ')}, ${SEQUENCE}, ${DELETED} FROM lives)`,
    ...stateRelations(plan),
    `valid AS (SELECT * EXCLUDE (${DELETED}) FROM (SELECT ${list(columns)}, ${SEQUENCE} AS ${START}, lead(${SEQUENCE}) OVER (${partition} ORDER BY ${SEQUENCE}) AS ${END}, ${DELETED} FROM states) WHERE NOT ${DELETED})`,
  ]
  const stored = [...columns, START_AT, END_AT]
  const same = `${sameKey(plan, 'valid', 'history')} AND valid.${START} = history.${START}`
  const equal = [...names, END_AT]
    .map((name) => `valid.${quoteIdentifier(name)} IS NOT DISTINCT FROM history.${quoteIdentifier(name)}`)
    .join(' AND ')
  return `WITH ${relations.join(',\n')}
SELECT ${list(stored)}, FALSE AS ${DELETED} FROM valid WHERE NOT EXISTS (SELECT 1 FROM history WHERE ${same} AND ${equal})
UNION ALL SELECT ${list(stored)}, TRUE AS ${DELETED} FROM history WHERE NOT EXISTS (SELECT 1 FROM valid WHERE ${same})`
}

/** `states`: each event, or those together between which no column changed of which history is kept. */
function stateRelations(plan: EventPlan): readonly string[] {
  if (plan.tracked === undefined) return ['states AS (SELECT * FROM whole)']
  const keys = list(keyNames(plan))
  const window = `OVER (PARTITION BY ${keys} ORDER BY ${SEQUENCE})`
  const unchanged = plan.tracked.map((name) => {
    const column = quoteIdentifier(name)
    return `${column} IS NOT DISTINCT FROM lag(${column}) ${window}`
  })
  const goesOn = [`NOT ${DELETED}`, `NOT lag(${DELETED}, 1, TRUE) ${window}`, ...unchanged].join(' AND ')
  const last = columnNames(plan).map((name) => {
    const column = quoteIdentifier(name)
    return `last(${column} ORDER BY ${SEQUENCE}) AS ${column}`
  })
  return [
    `begun AS (SELECT *, CASE WHEN ${goesOn} THEN 0 ELSE 1 END AS begins FROM whole)`,
    `numbered AS (SELECT *, sum(begins) ${window} AS number FROM begun)`,
    `states AS (SELECT ${[keys, ...last].join(', ')}, min(${SEQUENCE}) AS ${SEQUENCE}, bool_or(${DELETED}) AS ${DELETED} FROM numbered GROUP BY ${keys}, number)`,
  ]
}

/** What to do with the rows of {@link historySql}. */
export function historyClauses(plan: EventPlan, source: string): readonly RowClause[] {
  const value = (name: string): { column: string; sql: string } => ({
    column: name,
    sql: `${source}.${quoteIdentifier(name)}`,
  })
  return [
    { rows: 'matched', action: 'delete', condition: `${source}.${DELETED}` },
    { rows: 'matched', action: 'update', values: [...columnNames(plan), END_AT].map(value) },
    {
      rows: 'notMatched',
      action: 'insert',
      condition: `NOT ${source}.${DELETED}`,
      values: [...keyNames(plan), ...columnNames(plan), START_AT, END_AT].map(value),
    },
  ]
}
