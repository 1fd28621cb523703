import type { RecordBatch } from 'apache-arrow'
import type { DiscardMisfits } from '../../engine/query-engine.js'
import { isDeltaError } from '../../errors/delta-error.js'
import type { StructType } from '../../schema/data-type.js'
import type { FileSource } from './file-source.js'
import { inputGroups, type RowsInput } from './rows-input.js'

/**
 * The rows that fit a schema, or what fits of each. Groups in which everything fits go on as they are.
 *
 * @param discard what to leave out, and who is told how much that was
 */
export async function* discardMisfits(
  rows: Exclude<RowsInput, FileSource>,
  schema: StructType,
  discard: DiscardMisfits,
): AsyncGenerator<object, void, undefined> {
  const [{ conformBatch }, { decodeRows }, { deltaSchema }, { encodeRows }, { fitRows }] = await Promise.all([
    import('../../arrow/conform-batch.js'),
    import('../../arrow/decode/decode-rows.js'),
    import('../../arrow/delta-schema.js'),
    import('../../arrow/encode/encode-rows.js'),
    import('../../arrow/encode/fit-rows.js'),
  ])
  for await (const group of inputGroups(rows)) {
    const isRows = Array.isArray(group)
    if (fits(() => (isRows ? encodeRows(group, schema) : conformBatch(group, schema)))) {
      if (isRows) yield* group
      else yield group
      continue
    }
    const own = isRows ? undefined : deltaSchema(group.schema)
    const plain = own === undefined ? (group as object[]) : decodeRows(conformBatch(group as RecordBatch, own), own)
    const fitting = fitRows(plain, schema, discard.what)
    discard.count(fitting.discardedRows, fitting.discardedValues)
    yield* fitting.rows
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
