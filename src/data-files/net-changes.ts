import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { decodeRows } from '../arrow/decode/decode-rows.js'
import { valueReader } from '../arrow/decode/scalar-reader.js'
import { encodeRows } from '../arrow/encode/encode-rows.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { rowDigests } from '../arrow/row-digests.js'
import { takeRows } from '../arrow/take-rows.js'
import { DeltaError } from '../errors/delta-error.js'
import { CHANGE_COLUMNS, type ChangeType } from '../scan/change-columns.js'
import type { ChangePlan } from '../scan/change-plan.js'
import type { StructType } from '../schema/data-type.js'
import { resolveColumn } from '../schema/resolve-column.js'
import { KeyStates, type NetRow } from './key-states.js'
import { type ReadChangesOptions, readChanges } from './read-changes.js'

export interface NetChangesOptions extends ReadChangesOptions {
  /** Columns that tell rows apart, in any case; among those that the plan delivers. A null is a key like any other. */
  readonly keys: readonly string[]
}

const CHANGES: StructType = { type: 'struct', fields: CHANGE_COLUMNS }

/**
 * The changes of a plan with those of each key taken as one: an insert, a delete, an update as its two images, or nothing where the row is again what it was. All carry the
 * last version that changed the key. The changes are read twice; what is held is about 100 bytes a key.
 *
 * @throws InvalidInput naming the key where two rows have it at a time; UnknownColumn; what `readChanges` throws
 */
export async function* netChanges(
  plan: ChangePlan,
  { keys, onVersion, ...options }: NetChangesOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  const net = await findNetRows(plan, keys, options)
  let next = 0
  let start = 0
  for await (const batch of readChanges(plan, options)) {
    const end = start + batch.numRows
    const first = next
    while (next < net.length && (net[next] as NetRow).position < end) next++
    if (next > first) yield pick(batch, net.slice(first, next), start)
    start = end
  }
  onVersion?.(plan.snapshot.version)
}

async function findNetRows(
  plan: ChangePlan,
  keys: readonly string[],
  options: ReadChangesOptions,
): Promise<readonly NetRow[]> {
  if (keys.length === 0) throw new DeltaError('InvalidArgument', 'Net changes need at least one key column.')
  const { fields } = plan.schema
  const positions = keys.map((name) => fields.indexOf(resolveColumn(plan.schema, [name]).field))
  const states = new KeyStates()
  let start = 0
  for await (const batch of readChanges(plan, options)) {
    const columns = batch.data.children as Column[]
    const length = batch.numRows
    const seen = {
      keys: rowDigests(
        positions.map((position) => columns[position] as Column),
        length,
      ),
      rows: rowDigests(columns.slice(0, fields.length), length),
    }
    const [types, version, timestamp] = changeReaders(columns.slice(fields.length))
    for (let row = 0; row < length; row++) {
      const isKey = states.see({ ...seen, row, position: start + row }, types(row), version, timestamp)
      if (!isKey) throw notUnique(batch, row, plan.schema, positions)
    }
    start += length
  }
  const net = states.netRows()
  if (net === undefined) throw notAKey(keys)
  return net
}

/** A batch has rows of one version. */
function changeReaders(
  columns: readonly Column[],
): readonly [types: (row: number) => ChangeType, version: number, timestamp: number] {
  const [types, versions, timestamps] = CHANGE_COLUMNS.map(({ dataType }, i) =>
    valueReader(columns[i] as Column, dataType),
  )
  return [types as (row: number) => ChangeType, Number(versions?.(0)), Number((timestamps?.(0) as bigint) / 1000n)]
}

function pick(batch: RecordBatch, rows: readonly NetRow[], start: number): RecordBatch {
  const taken = takeRows(
    batch,
    Int32Array.from(rows, ({ position }) => position - start),
  )
  const changes = encodeRows(
    rows.map(({ type, version, timestamp }) => ({
      _change_type: type,
      _commit_version: version,
      _commit_timestamp: new Date(timestamp),
    })),
    CHANGES,
  )
  const columns = taken.data.children.slice(0, -CHANGE_COLUMNS.length) as Column[]
  return batchOf(batch.schema, [...columns, ...(changes.data.children as Column[])], rows.length)
}

function notUnique(batch: RecordBatch, row: number, schema: StructType, positions: readonly number[]): DeltaError {
  const [values = {}] = decodeRows(batch.slice(row, row + 1), schema)
  const names = positions.map((position) => schema.fields[position]?.name ?? '')
  return notAKey(names, names.map((name) => `${name} = ${String(values[name]).slice(0, 200)}`).join(', '))
}

function notAKey(names: readonly string[], row?: string): DeltaError {
  const seen = row === undefined ? '' : ` (${row})`
  return new DeltaError(
    'InvalidInput',
    `Changes cannot be taken together by ${names.join(', ')}: several rows have the same key at a time${seen}. Name columns that tell the rows apart.`,
    { details: { columns: [...names] } },
  )
}
