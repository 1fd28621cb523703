import type { RecordBatch } from 'apache-arrow'
import type { DeltaTable, LakeResult, Row, ScanOptions } from '../../src/index.js'

/** Rows on their way to the user: objects for text, batches for columnar files. One of the two streams is read, once. */
export interface RowSource {
  readonly columns: readonly string[]
  rows(): AsyncIterable<Row>
  batches(): AsyncIterable<RecordBatch>
}

/** The answer of a query. */
export function resultSource(result: LakeResult): RowSource {
  return {
    columns: result.schema.fields.map(({ name }) => name),
    rows: () => result.rowStream(),
    batches: () => result.batches(),
  }
}

/** The rows of a version. */
export function scanSource(table: DeltaTable, options: ScanOptions): RowSource {
  const names = table.schema.fields.map(({ name }) => name)
  const spelled = (asked: string): string => names.find((name) => name.toLowerCase() === asked.toLowerCase()) ?? asked
  return {
    columns: options.columns?.map((name) => (names.includes(name) ? name : spelled(name))) ?? names,
    rows: () => table.rowStream(options),
    batches: () => table.scan(options),
  }
}
