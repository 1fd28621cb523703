import { quoteIdentifier, quoteText } from '../../expressions/sql-quote.js'
import type { EventPlan } from './event-plan.js'

/** Columns of our own beside those of the table; their names are none that a table would have. */
export const SEQUENCE: string = quoteIdentifier('lakewright sequence')
export const DELETED: string = quoteIdentifier('lakewright deleted')
export const TRUNCATED: string = quoteIdentifier('lakewright truncated')
const RECORDED_AT: string = quoteIdentifier('lakewright recorded at')
const TIMES: string = quoteIdentifier('lakewright times')

/** Begins the message of an error that the SQL raises. */
export const SAYS = 'lakewright: '

/** Relations that the SQL reads. */
export const EVENTS = 'events'
export const TOMBSTONES = 'tombstones'
export const TARGET = 'target'

/** SQL of the conditions on events; absent where there are none. */
export interface EventConditions {
  readonly deleted: string | undefined
  readonly truncated: string | undefined
}

export function list(names: readonly string[], prefix = ''): string {
  return names.map((name) => `${prefix}${quoteIdentifier(name)}`).join(', ')
}

export function keyNames({ keys }: EventPlan): readonly string[] {
  return keys.map(({ table }) => table)
}

export function columnNames({ columns }: EventPlan): readonly string[] {
  return columns.map(({ table }) => table)
}

/** `a.k = b.k AND ...` */
export function sameKey(plan: EventPlan, a: string, b: string): string {
  return keyNames(plan)
    .map((name) => `${a}.${quoteIdentifier(name)} = ${b}.${quoteIdentifier(name)}`)
    .join(' AND ')
}

/**
 * Two parts of a WITH clause: `applied`, the events once each, in the columns of the table, and `checked`, those that are no truncation, which fails for an event without key or sequence and
 * for two that cannot be ordered.
 */
export function eventRelations(plan: EventPlan, { deleted, truncated }: EventConditions): readonly string[] {
  const keys = keyNames(plan)
  const flag = (condition: string | undefined): string =>
    condition === undefined ? 'FALSE' : `coalesce((${condition}\n), FALSE)`
  const columns = [
    ...plan.keys.map(({ event, table }) => `${quoteIdentifier(event)} AS ${quoteIdentifier(table)}`),
    ...plan.columns.map(({ event, table }) => {
      return `CASE WHEN ${DELETED} OR ${TRUNCATED} THEN NULL ELSE ${quoteIdentifier(event)} END AS ${quoteIdentifier(table)}`
    }),
    `${quoteIdentifier(plan.sequence)} AS ${SEQUENCE}`,
    DELETED,
    TRUNCATED,
  ]
  const flagged = `SELECT *, ${flag(deleted)} AS ${DELETED}, ${flag(truncated)} AS ${TRUNCATED} FROM ${EVENTS}`
  const partition = `PARTITION BY ${list(keys)}`
  const shown = keys
    .map((name) => `${quoteText(`${name} = `)} || left(CAST(${quoteIdentifier(name)} AS VARCHAR), 200)`)
    .join(` || ', ' || `)
  const checks = [
    ...keys.map((name) => [
      `${quoteIdentifier(name)} IS NULL`,
      quoteText(`${SAYS}an event has no value in the key column ${name}.`),
    ]),
    [
      `${SEQUENCE} IS NULL`,
      `${quoteText(`${SAYS}an event of `)} || ${shown} || ${quoteText(` has no value in ${plan.sequence}.`)}`,
    ],
    [
      `${TIMES} > 1`,
      `${quoteText(`${SAYS}different events of `)} || ${shown} || ${quoteText(` have the same value in ${plan.sequence}, so which is later cannot be told.`)}`,
    ],
  ]
  const cases = checks.map(([condition, message]) => `WHEN ${condition} THEN error(${message})`).join(' ')
  return [
    `applied AS (SELECT DISTINCT ${columns.join(', ')} FROM (${flagged}))`,
    `checked AS (SELECT * EXCLUDE (${TIMES}) FROM (SELECT *, count(*) OVER (${partition}, ${SEQUENCE}) AS ${TIMES} FROM applied WHERE NOT ${TRUNCATED}) WHERE CASE ${cases} ELSE TRUE END)`,
  ]
}

/** A part of a WITH clause: the deletes that are remembered, where there are none an empty relation. */
export function noTombstones(plan: EventPlan): string {
  return `${TOMBSTONES} AS (SELECT ${list(keyNames(plan))}, ${SEQUENCE}, ${TRUNCATED} FROM applied WHERE FALSE)`
}

/** A row where an event deletes anything, else none. */
export function anyDeleteSql(plan: EventPlan, conditions: EventConditions): string {
  const relations = eventRelations(plan, conditions)
  return `WITH ${relations.join(',\n')}\nSELECT 1 AS found FROM applied WHERE ${DELETED} OR ${TRUNCATED} LIMIT 1`
}

/**
 * The deletes to remember from now on.
 *
 * @param kept whether there are tombstones already; those recorded before `since` are forgotten
 * @param latestOnly one a key is enough
 */
export function tombstonesSql(
  plan: EventPlan,
  conditions: EventConditions,
  { kept, latestOnly, now, since }: { kept: boolean; latestOnly: boolean; now: number; since: number },
): string {
  const keys = list(keyNames(plan))
  const at = (time: number): string => `TIMESTAMPTZ ${quoteText(new Date(time).toISOString())}`
  const all = [
    `SELECT ${keys}, ${SEQUENCE}, ${TRUNCATED}, ${at(now)} AS ${RECORDED_AT} FROM applied WHERE ${DELETED} OR ${TRUNCATED}`,
    ...(kept
      ? [
          `SELECT ${keys}, ${SEQUENCE}, ${TRUNCATED}, ${RECORDED_AT} FROM ${TOMBSTONES} WHERE ${RECORDED_AT} >= ${at(since)}`,
        ]
      : []),
  ].join(' UNION ALL ')
  const group = latestOnly ? `${keys}, ${TRUNCATED}` : `${keys}, ${TRUNCATED}, ${SEQUENCE}`
  return `WITH ${eventRelations(plan, conditions).join(',\n')}
SELECT ${keys}, max(${SEQUENCE}) AS ${SEQUENCE}, ${TRUNCATED}, max(${RECORDED_AT}) AS ${RECORDED_AT} FROM (${all}) GROUP BY ${group}`
}
