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
    const own = Array.isArray(group) ? undefined : deltaSchema(group.schema)
    if (own !== undefined && fits(() => conformBatch(group as RecordBatch, schema))) {
      yield group
      continue
    }
    const plain = own === undefined ? (group as object[]) : decodeRows(conformBatch(group as RecordBatch, own), own)
    for (const part of partsThatFit(plain, (some) => fits(() => encodeRows(some, schema)))) {
      if (part.fits) {
        yield* part.rows
        continue
      }
      const fitting = fitRows(part.rows, schema, discard.what)
      discard.count(fitting.discardedRows, fitting.discardedValues)
      yield* fitting.rows
    }
  }
}

/** Rows that are looked at one by one where one of them does not fit. */
const FEW_ROWS = 64

interface Part {
  readonly rows: readonly object[]
  readonly fits: boolean
}

/** Halves rows until what does not fit is among few: most rows are good, and to encode many is far cheaper than to look at one. */
function* partsThatFit(
  rows: readonly object[],
  isFit: (rows: readonly object[]) => boolean,
): Generator<Part, void, undefined> {
  const whole = isFit(rows)
  if (whole || rows.length <= FEW_ROWS) {
    yield { rows, fits: whole }
    return
  }
  const middle = rows.length >> 1
  yield* partsThatFit(rows.slice(0, middle), isFit)
  yield* partsThatFit(rows.slice(middle), isFit)
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
