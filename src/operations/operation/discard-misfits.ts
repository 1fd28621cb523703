import type { RecordBatch } from 'apache-arrow'
import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import type { StructType } from '../../schema/data-type.js'
import { isFileSource } from './file-source.js'
import { inputGroups, type RowsInput } from './rows-input.js'

/** What was left out of rows: counted as they are read. */
export interface Discarded {
  rows: number
  values: number
}

/**
 * The rows that fit a schema, or what fits of each. Groups in which everything fits go on as they are.
 *
 * @param discarded counts what is left out
 * @throws InvalidArgument for files
 */
export function discardMisfits(
  rows: RowsInput,
  schema: StructType,
  contract: 'discard_row' | 'discard_value',
  discarded: Discarded,
): AsyncIterable<object> {
  if (isFileSource(rows)) {
    throw new DeltaError(
      'InvalidArgument',
      `The contract ${contract} is for rows and Arrow data. Load files with the contract freeze or evolve, or append their rows.`,
    )
  }
  return fittingItems(inputGroups(rows), schema, contract === 'discard_row' ? 'row' : 'value', discarded)
}

async function* fittingItems(
  groups: AsyncIterable<RecordBatch | object[]>,
  schema: StructType,
  what: 'row' | 'value',
  discarded: Discarded,
): AsyncGenerator<object, void, undefined> {
  const [{ conformBatch }, { decodeRows }, { deltaSchema }, { encodeRows }, { fitRows }] = await Promise.all([
    import('../../arrow/conform-batch.js'),
    import('../../arrow/decode/decode-rows.js'),
    import('../../arrow/delta-schema.js'),
    import('../../arrow/encode/encode-rows.js'),
    import('../../arrow/encode/fit-rows.js'),
  ])
  for await (const group of groups) {
    const isRows = Array.isArray(group)
    if (fits(() => (isRows ? encodeRows(group, schema) : conformBatch(group, schema)))) {
      if (isRows) yield* group
      else yield group
      continue
    }
    const own = isRows ? undefined : deltaSchema(group.schema)
    const plain = own === undefined ? (group as object[]) : decodeRows(conformBatch(group as RecordBatch, own), own)
    const { rows, discardedRows, discardedValues } = fitRows(plain, schema, what)
    discarded.rows += discardedRows
    discarded.values += discardedValues
    yield* rows
  }
}

function fits(convert: () => unknown): boolean {
  try {
    convert()
    return true
  } catch (error) {
    if (isDeltaError(error, 'SchemaMismatch')) return false
    throw error
  }
}
