import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { RecordBatch, Schema } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import { resultBatches, resultSchema } from './arrow/result-stream.js'
import type { ErrorContext } from './duckdb-error.js'
import type { Lease } from './instance-pool.js'
import { interruptible, streamStatement } from './run-statement.js'
import { watchProgress } from './watch-progress.js'

/** Runs a statement in a lent connection and streams its answer; the connection goes back, and `release` is called, when the stream ends. */
export async function leasedResult(
  lease: Lease,
  sql: string,
  context: ErrorContext,
  options: QueryOptions,
  release: () => void,
): Promise<QueryResult> {
  const stopProgress = await watchProgress(lease.connection, 'query', options.observer)
  const finish = (): void => {
    stopProgress()
    lease.release()
    release()
  }
  try {
    const result = await streamStatement(lease.connection, sql, context, options)
    const schema = resultSchema(result)
    let taken = false
    return {
      schema,
      batches: () => {
        if (taken) throw new DeltaError('InvalidArgument', 'The batches of a query result can be read once only.')
        taken = true
        return new BatchStream(result, schema, lease.connection, context, options, finish)
      },
    }
  } catch (error) {
    finish()
    throw error
  }
}

/** The batches of a result. A generator would not clean up when it is closed before its first batch. */
class BatchStream implements AsyncIterableIterator<RecordBatch> {
  readonly #batches: AsyncGenerator<RecordBatch>
  readonly #connection: DuckDBConnection
  readonly #context: ErrorContext
  readonly #options: QueryOptions
  readonly #finish: () => void

  constructor(
    result: DuckDBResult,
    schema: Schema,
    connection: DuckDBConnection,
    context: ErrorContext,
    options: QueryOptions,
    finish: () => void,
  ) {
    this.#batches = resultBatches(result, schema)
    this.#connection = connection
    this.#context = context
    this.#options = options
    this.#finish = finish
  }

  async next(): Promise<IteratorResult<RecordBatch>> {
    try {
      const step = await interruptible(this.#connection, this.#options.signal, this.#context, () =>
        this.#batches.next(),
      )
      if (step.done) this.#finish()
      return step
    } catch (error) {
      this.#finish()
      throw error
    }
  }

  async return(): Promise<IteratorResult<RecordBatch>> {
    await this.#batches.return(undefined)
    this.#finish()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
