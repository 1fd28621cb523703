import { Int64, type RecordBatch } from 'apache-arrow'
import { type Column, makeColumn } from '../../../arrow/column.js'
import { batchOf } from '../../../arrow/relabel-batch.js'
import { allValid, clearBit, validityTest } from '../../../arrow/validity.js'
import type { Given } from '../../../engine/rule-evaluator.js'
import { DeltaError } from '../../../errors/delta-error.js'
import { type IdentityColumn, nextIdentity } from '../../../protocol/rules/identity-column.js'
import type { WriteRules } from './write-rules.js'

/** A batch whose identity columns are numbered, and how far they got. */
export interface NumberedBatch {
  readonly batch: RecordBatch
  readonly identities: readonly IdentityColumn[]
  /** Which computed columns have values: those of identity columns are all there. */
  readonly given: ReadonlyMap<string, Given>
}

/**
 * Numbers the rows of a batch that bring no value of an identity column (PROTOCOL.md, "Identity Columns").
 *
 * @param firstRow position of the batch in the input, for messages
 * @throws InvalidInput where a row brings a value and may not; ResourceExhausted where the numbers are used up
 */
export function fillIdentities(
  batch: RecordBatch,
  given: ReadonlyMap<string, Given>,
  identities: readonly IdentityColumn[],
  firstRow: number,
  state: WriteRules,
): NumberedBatch {
  const columns = [...(batch.data.children as Column[])]
  const advanced = identities.map((identity) => {
    const brought = given.get(identity.column) ?? false
    checkExplicit(identity, brought, firstRow)
    if (brought === true) return identity
    const index = batch.schema.fields.findIndex(({ name }) => name === identity.column)
    const { column, last } = numbered(columns[index] as Column, brought, identity)
    columns[index] = column
    if (last === undefined) return identity
    state.give(identity.column, last)
    return { ...identity, highWaterMark: last }
  })
  const there = identities.map(({ column }) => [column, true] as const)
  return {
    batch: batchOf(batch.schema, columns, batch.numRows),
    identities: advanced,
    given: new Map([...given, ...there]),
  }
}

/** @throws InvalidInput for a column that writers alone number */
function checkExplicit({ column, allowExplicitInsert }: IdentityColumn, given: Given, firstRow: number): void {
  if (allowExplicitInsert || given === false) return
  const row = firstRow + (given === true ? 0 : given.indexOf(1))
  throw new DeltaError(
    'InvalidInput',
    `Column ${column} is GENERATED ALWAYS AS IDENTITY: its values are given by the writer, and row ${row} brings one. Leave the column out.`,
    { details: { column, row } },
  )
}

function numbered(
  column: Column,
  given: false | Uint8Array,
  identity: IdentityColumn,
): { readonly column: Column; readonly last: bigint | undefined } {
  const { length } = column
  const values = new BigInt64Array(length)
  const before = column.values as BigInt64Array
  const isThere = validityTest(column)
  const validity = allValid(length)
  let next = nextIdentity(identity)
  let last: bigint | undefined
  for (let row = 0; row < length; row++) {
    if (given === false || given[row] === 0) {
      values[row] = last = checkRange(next, identity)
      next += identity.step
    } else if (isThere(row)) values[row] = before[row] as bigint
    else clearBit(validity, row)
  }
  return { column: makeColumn(new Int64(), { length, values, validity }), last }
}

function checkRange(value: bigint, { column }: IdentityColumn): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new DeltaError(
    'ResourceExhausted',
    `Identity column ${column} has no number left: ${value} is no BIGINT. Nothing was written.`,
    { details: { column } },
  )
}
