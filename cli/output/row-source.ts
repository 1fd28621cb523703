import type { RecordBatch } from 'apache-arrow'
import type { ChangeStream, DeltaTable, LakeResult, Row, ScanOptions } from '../../src/index.js'

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
  return {
    columns: columnNames(table, options.columns),
    rows: () => table.rowStream(options),
    batches: () => table.scan(options),
  }
}

/** Changes of rows. @param asked columns of the table; default: all */
export function changeSource(table: DeltaTable, stream: ChangeStream, asked?: readonly string[]): RowSource {
  return {
    columns: [...columnNames(table, asked), '_change_type', '_commit_version', '_commit_timestamp'],
    rows: () => stream.rowStream(),
    batches: () => stream,
  }
}

/** The rows in which versions differ. @param asked columns of the table; default: all */
export function diffSource(table: DeltaTable, stream: ChangeStream, asked?: readonly string[]): RowSource {
  return {
    columns: [...columnNames(table, asked), '_change_type'],
    rows: () => stream.rowStream(),
    batches: () => stream,
  }
}

/** The same rows, counted as they pass. */
export function countedSource(source: RowSource): { readonly source: RowSource; readonly rows: () => number } {
  let count = 0
  async function* counted<T>(items: AsyncIterable<T>, size: (item: T) => number): AsyncGenerator<T> {
    for await (const item of items) {
      count += size(item)
      yield item
    }
  }
  return {
    rows: () => count,
    source: {
      columns: source.columns,
      rows: () => counted(source.rows(), () => 1),
      batches: () => counted(source.batches(), ({ numRows }) => numRows),
    },
  }
}

/** As the table spells them. */
function columnNames(table: DeltaTable, asked: readonly string[] | undefined): readonly string[] {
  const names = table.schema.fields.map(({ name }) => name)
  const spelled = (name: string): string => names.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name
  return asked?.map((name) => (names.includes(name) ? name : spelled(name))) ?? names
}
