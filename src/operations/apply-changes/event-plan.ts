import { DeltaError } from '../../errors/delta-error.js'
import type { StructType } from '../../schema/data-type.js'
import { resolveColumn } from '../../schema/resolve-column.js'
import type { ApplyChangesOptions } from './apply-changes-options.js'

/** Of the rows that history keeps: when they became valid, and when they ceased to be. */
export const START_AT = '__start_at'
export const END_AT = '__end_at'

/** A column as the events spell it and as the table does. */
interface AppliedColumn {
  readonly event: string
  readonly table: string
}

/** Which columns of events go where. */
export interface EventPlan {
  readonly keys: readonly AppliedColumn[]
  /** Those that are no keys. */
  readonly columns: readonly AppliedColumn[]
  /** The column of the events that orders them. */
  readonly sequence: string
  /** The column of the table that has the sequence of a row. */
  readonly stored: string
  /** Of the table, where history is kept of some columns only. */
  readonly tracked: readonly string[] | undefined
}

/** @throws UnknownColumn, AmbiguousColumn; InvalidArgument for options that do not go together, and for a table without the columns that are needed */
export function eventPlan(events: StructType, table: StructType, options: ApplyChangesOptions): EventPlan {
  const { keys, sequenceBy, scd = 1, trackHistoryOn, columns, except } = options
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'string') || keys.length === 0) {
    throw invalid(`Name at least one column that tells rows apart in "keys", as in keys: ['id'].`)
  }
  if (columns !== undefined && except !== undefined) throw invalid('Give either "columns" or "except", not both.')
  if (trackHistoryOn !== undefined && scd !== 2) throw invalid('"trackHistoryOn" needs scd: 2.')
  if (options.applyAsTruncate !== undefined && scd !== 1) throw invalid('"applyAsTruncate" needs scd: 1.')
  const nameIn = (schema: StructType, name: string): string => resolveColumn(schema, [name]).field.name
  const applied = (name: string): AppliedColumn => ({ event: nameIn(events, name), table: nameIn(table, name) })
  const left = new Set(except?.map((name) => nameIn(events, name)))
  const names = columns ?? events.fields.map(({ name }) => name).filter((name) => !left.has(name))
  const keyColumns = keys.map(applied)
  const isKey = new Set(keyColumns.map(({ table: name }) => name))
  const others = names.map(applied).filter(({ table: name }) => !isKey.has(name))
  const sequence = nameIn(events, sequenceBy)
  const stored = scd === 1 ? others.find(({ event }) => event === sequence)?.table : START_AT
  if (stored === undefined) {
    throw invalid(
      `The table must have the column ${sequence}, and it must be among those that are applied: it tells which events a row has seen.`,
    )
  }
  if (scd === 2) for (const name of [START_AT, END_AT]) requireColumn(table, name)
  return {
    keys: keyColumns,
    columns: others,
    sequence,
    stored,
    tracked: trackHistoryOn?.map((name) => nameIn(table, name)),
  }
}

function requireColumn({ fields }: StructType, name: string): void {
  if (fields.some((field) => field.name === name)) return
  throw invalid(
    `The table has no column ${name}: to keep history it needs ${START_AT} and ${END_AT}, of the type of the sequence.`,
  )
}

function invalid(message: string): DeltaError {
  return new DeltaError('InvalidArgument', message)
}
