import type { RowClause } from '../../engine/row-change.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import type { EventPlan } from './event-plan.js'
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
  TRUNCATED,
} from './events-sql.js'

const RESET = quoteIdentifier('lakewright reset')

export interface LatestOptions {
  readonly hasTombstones: boolean
  readonly ignoreNulls: boolean
}

/**
 * What becomes of each key that events speak of, one row a key: the newest event that counts. Late ones do not: a delete, or a truncation, that is remembered was after them. What a truncation
 * takes stands here as deletes.
 */
export function latestSql(
  plan: EventPlan,
  conditions: EventConditions,
  { hasTombstones, ignoreNulls }: LatestOptions,
): string {
  const keys = list(keyNames(plan))
  const stored = quoteIdentifier(plan.stored)
  const columns = columnNames(plan)
  const relations = [
    ...eventRelations(plan, conditions),
    ...(hasTombstones ? [] : [noTombstones(plan)]),
    `truncation AS (SELECT max(${SEQUENCE}) AS at FROM (SELECT ${SEQUENCE} FROM applied WHERE ${TRUNCATED} UNION ALL SELECT ${SEQUENCE} FROM ${TOMBSTONES} WHERE ${TRUNCATED}))`,
    `gone AS (SELECT ${keys}, max(${SEQUENCE}) AS ${SEQUENCE} FROM ${TOMBSTONES} WHERE NOT ${TRUNCATED} GROUP BY ${keys})`,
    `counting AS (SELECT checked.* FROM checked LEFT JOIN gone ON ${sameKey(plan, 'checked', 'gone')} CROSS JOIN truncation
      WHERE (gone.${SEQUENCE} IS NULL OR checked.${SEQUENCE} > gone.${SEQUENCE}) AND (truncation.at IS NULL OR checked.${SEQUENCE} > truncation.at))`,
    ...(ignoreNulls
      ? foldedRelations(plan)
      : [
          `latest AS (SELECT ${keys}, ${list(columns)}, ${SEQUENCE}, ${DELETED}, TRUE AS ${RESET} FROM counting QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${SEQUENCE} DESC) = 1)`,
        ]),
  ]
  const selects = ['SELECT * FROM latest']
  if (conditions.truncated !== undefined) {
    const nulls = columns.map((name) => `NULL AS ${quoteIdentifier(name)}`)
    selects.push(`SELECT ${[keys, ...nulls].join(', ')}, truncation.at AS ${SEQUENCE}, TRUE AS ${DELETED}, TRUE AS ${RESET}
      FROM ${TARGET} CROSS JOIN truncation
      WHERE (${TARGET}.${stored} IS NULL OR ${TARGET}.${stored} < truncation.at) AND truncation.at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM latest WHERE ${sameKey(plan, 'latest', TARGET)})`)
  }
  return `WITH ${relations.join(',\n')}\n${selects.join(' UNION ALL ')}`
}

/** The last value of each column that is not null, from the last delete on; of the events that the table has not seen. */
function foldedRelations(plan: EventPlan): readonly string[] {
  const keys = list(keyNames(plan))
  const seen = quoteIdentifier(plan.stored)
  const partition = `PARTITION BY ${keys}`
  const folded = columnNames(plan).map((name) => {
    const column = quoteIdentifier(name)
    return `arg_max(${column}, ${SEQUENCE}) AS ${column}`
  })
  return [
    `seen AS (SELECT ${keys}, max(${seen}) AS at FROM ${TARGET} GROUP BY ${keys})`,
    `fresh AS (SELECT counting.* FROM counting LEFT JOIN seen ON ${sameKey(plan, 'counting', 'seen')} WHERE seen.at IS NULL OR counting.${SEQUENCE} > seen.at)`,
    `lives AS (SELECT *, count(*) FILTER (WHERE ${DELETED}) OVER (${partition} ORDER BY ${SEQUENCE}) AS life FROM fresh)`,
    `last_lives AS (SELECT * FROM lives QUALIFY life = max(life) OVER (${partition}))`,
    `latest AS (SELECT ${[keys, ...folded].join(', ')}, max(${SEQUENCE}) AS ${SEQUENCE}, arg_max(${DELETED}, ${SEQUENCE}) AS ${DELETED}, bool_or(${DELETED}) AS ${RESET} FROM last_lives GROUP BY ${keys})`,
  ]
}

/** What to do with the rows of {@link latestSql}. */
export function latestClauses(plan: EventPlan, source: string): readonly RowClause[] {
  const stored = `${TARGET}.${quoteIdentifier(plan.stored)}`
  const isNewer = `(${stored} IS NULL OR ${source}.${SEQUENCE} > ${stored})`
  const given = (name: string): string => `${source}.${quoteIdentifier(name)}`
  return [
    { rows: 'matched', action: 'delete', condition: `${source}.${DELETED} AND ${isNewer}` },
    {
      rows: 'matched',
      action: 'update',
      condition: isNewer,
      values: columnNames(plan).map((name) => ({
        column: name,
        sql: `CASE WHEN ${source}.${RESET} THEN ${given(name)} ELSE coalesce(${given(name)}, ${TARGET}.${quoteIdentifier(name)}) END`,
      })),
    },
    {
      rows: 'notMatched',
      action: 'insert',
      condition: `NOT ${source}.${DELETED}`,
      values: [...keyNames(plan), ...columnNames(plan)].map((name) => ({ column: name, sql: given(name) })),
    },
  ]
}
