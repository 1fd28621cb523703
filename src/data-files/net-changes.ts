import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { decodeRows } from '../arrow/decode/decode-rows.js'
import { valueReader } from '../arrow/decode/scalar-reader.js'
import { encodeRows } from '../arrow/encode/encode-rows.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { DIGEST_WORDS, rowDigests } from '../arrow/row-digests.js'
import { takeRows } from '../arrow/take-rows.js'
import { DeltaError } from '../errors/delta-error.js'
import { CHANGE_COLUMNS, type ChangeType } from '../scan/change-columns.js'
import type { ChangePlan } from '../scan/change-plan.js'
import type { StructType } from '../schema/data-type.js'
import { resolveColumn } from '../schema/resolve-column.js'
import { BYTES_OF_A_KEY, KeyStates, type NetChange } from './key-states.js'
import { type ReadChangesOptions, readChanges } from './read-changes.js'

export interface NetChangesOptions extends ReadChangesOptions {
  /** Columns that tell rows apart, in any case; among those that the plan delivers. A null is a key like any other. */
  readonly keys: readonly string[]
  /** What may be held of the keys. */
  readonly memoryBytes: number
}

const CHANGES: StructType = { type: 'struct', fields: CHANGE_COLUMNS }

/**
 * The changes of a plan with those of each key taken as one: an insert, a delete, an update as its two images, or nothing where the row is again what it was. All carry the
 * last version that changed the key. The changes are read twice; where there are more keys than the memory has room for, share by share of them.
 *
 * @throws InvalidInput naming the key where two rows have it at a time; UnknownColumn; what `readChanges` throws
 */
export async function* netChanges(
  plan: ChangePlan,
  { keys, memoryBytes, onVersion, ...options }: NetChangesOptions,
): AsyncGenerator<RecordBatch, void, undefined> {
  if (keys.length === 0) throw new DeltaError('InvalidArgument', 'Net changes need at least one key column.')
  const stream = new KeyedChanges(plan, keys, options)
  const mostKeys = Math.max(1, Math.floor(memoryBytes / BYTES_OF_A_KEY))
  let shares: readonly Share[] = [{ share: 0, of: 1 }]
  for (let [share, ...others] = shares; share !== undefined; [share, ...others] = shares) {
    const states = await stream.statesOf(share, mostKeys)
    if (states !== undefined) {
      yield* stream.netOf(states)
      shares = others
    } else shares = [share, ...others].flatMap(halves)
  }
  onVersion?.(plan.snapshot.version)
}

/** Some of the keys, by their digests. */
interface Share {
  readonly share: number
  /** A power of two. */
  readonly of: number
}

function halves({ share, of }: Share): Share[] {
  return [
    { share, of: of * 2 },
    { share: share + of, of: of * 2 },
  ]
}

/** The word of a digest that tells in which share it is: another one than finds it among those of a share. */
const SHARE_WORD = DIGEST_WORDS - 1

/** Changes that are read as often as need be. */
class KeyedChanges {
  readonly #plan: ChangePlan
  readonly #keys: readonly string[]
  readonly #options: ReadChangesOptions
  readonly #positions: readonly number[]

  constructor(plan: ChangePlan, keys: readonly string[], options: ReadChangesOptions) {
    this.#plan = plan
    this.#keys = keys
    this.#options = options
    this.#positions = keys.map((name) => plan.schema.fields.indexOf(resolveColumn(plan.schema, [name]).field))
  }

  /** What becomes of the keys of a share; undefined where they are too many. */
  async statesOf({ share, of }: Share, mostKeys: number): Promise<KeyStates | undefined> {
    const { schema } = this.#plan
    const states = new KeyStates()
    for await (const { batch, start, keys } of this.#batches()) {
      const columns = batch.data.children as Column[]
      const rows = rowDigests(columns.slice(0, schema.fields.length), batch.numRows)
      const [types, version, timestamp] = changeReaders(columns.slice(schema.fields.length))
      for (let row = 0; row < batch.numRows; row++) {
        if (((keys[row * DIGEST_WORDS + SHARE_WORD] as number) & (of - 1)) !== share) continue
        const isKey = states.see({ keys, rows, row, position: start + row }, types(row), version, timestamp)
        if (!isKey) throw notUnique(batch, row, schema, this.#positions)
        if (states.size > mostKeys && of < MOST_SHARES) return undefined
      }
    }
    if (!states.areConsistent()) throw notAKey(this.#keys)
    return states
  }

  async *netOf(states: KeyStates): AsyncGenerator<RecordBatch, void, undefined> {
    for await (const { batch, start, keys } of this.#batches()) {
      const rows: number[] = []
      const changes: NetChange[] = []
      for (let row = 0; row < batch.numRows; row++) {
        const change = states.netChange(keys, row, start + row)
        if (change === undefined) continue
        rows.push(row)
        changes.push(change)
      }
      if (rows.length > 0) yield withChanges(takeRows(batch, Int32Array.from(rows)), changes)
    }
  }

  async *#batches(): AsyncGenerator<KeyedBatch, void, undefined> {
    let start = 0
    for await (const batch of readChanges(this.#plan, this.#options)) {
      const columns = batch.data.children as Column[]
      const keyColumns = this.#positions.map((position) => columns[position] as Column)
      yield { batch, start, keys: rowDigests(keyColumns, batch.numRows) }
      start += batch.numRows
    }
  }
}

/** More shares than this would be read for too long: then memory has to do. */
const MOST_SHARES = 1 << 10

interface KeyedBatch {
  readonly batch: RecordBatch
  /** Position of its first row in the stream. */
  readonly start: number
  /** Digests of its keys. */
  readonly keys: Int32Array
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

function withChanges(batch: RecordBatch, changes: readonly NetChange[]): RecordBatch {
  const told = encodeRows(
    changes.map(({ type, version, timestamp }) => ({
      _change_type: type,
      _commit_version: version,
      _commit_timestamp: new Date(timestamp),
    })),
    CHANGES,
  )
  const columns = batch.data.children.slice(0, -CHANGE_COLUMNS.length) as Column[]
  return batchOf(batch.schema, [...columns, ...(told.data.children as Column[])], batch.numRows)
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
