import type { RecordBatch } from 'apache-arrow'
import type { Row } from '../arrow/row.js'
import type { OpenedChanges } from '../operations/operation/opened-changes.js'
import { collect, type RowOptions, streamRows } from './stream-rows.js'

/**
 * Changes of a table. Read it once: as Arrow batches with `for await`, or as objects by one of its methods. Nothing is read before.
 */
export class ChangeStream implements AsyncIterable<RecordBatch> {
  readonly #open: (onVersion: (version: number) => void) => Promise<OpenedChanges>
  #nextVersion: number | undefined

  constructor(open: (onVersion: (version: number) => void) => Promise<OpenedChanges>) {
    this.#open = open
  }

  /**
   * Where to begin a stream that goes on after this one: all changes of the versions before it were taken. Undefined before the first version was.
   */
  get nextVersion(): number | undefined {
    return this.#nextVersion
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch, void, undefined> {
    yield* (await this.#opened()).batches
  }

  /** The changes as plain objects, one at a time: for any number of them. */
  async *rowStream(options: RowOptions = {}): AsyncGenerator<Row, void, undefined> {
    const { batches, schema } = await this.#opened()
    yield* streamRows(batches, schema, options)
  }

  /** All changes as plain objects. */
  async rows(options: RowOptions = {}): Promise<Row[]> {
    return collect(this.rowStream(options))
  }

  #opened(): Promise<OpenedChanges> {
    return this.#open((version) => {
      this.#nextVersion = version + 1
    })
  }
}
