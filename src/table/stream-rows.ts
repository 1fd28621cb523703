import type { RecordBatch } from 'apache-arrow'
import type { Row } from '../arrow/row.js'
import type { StructType } from '../schema/data-type.js'
import { longsAsNumbers } from './longs-as-numbers.js'

export interface RowOptions {
  /** `number` gives values of type long as numbers, and throws on one that a number cannot hold exactly. Default: `bigint`. */
  readonly longs?: 'bigint' | 'number' | undefined
}

/**
 * The rows of batches as plain objects, in order.
 *
 * @param schema of the batches, column for column
 */
export async function* streamRows(
  batches: AsyncIterable<RecordBatch>,
  schema: StructType,
  { longs }: RowOptions,
): AsyncGenerator<Row, void, undefined> {
  const { decodeRows } = await import('../arrow/decode/decode-rows.js')
  const convert = longs === 'number' ? longsAsNumbers(schema) : undefined
  for await (const batch of batches) {
    const rows = decodeRows(batch, schema)
    yield* convert === undefined ? rows : rows.map(convert)
  }
}

/** Everything that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of stream) all.push(item)
  return all
}
