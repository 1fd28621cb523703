import duckdb, { type Vector } from '@duckdb/node-bindings'
import { type Data, type DataType, makeData } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'

/** Any array over a buffer: what DuckDB stores and what Arrow stores. */
export interface NumberArray {
  readonly buffer: ArrayBufferLike
  readonly byteLength: number
  readonly length: number
}

interface ArrayConstructor<A extends NumberArray> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): A
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A
}

/** How the values of a type lie in DuckDB's vectors and in Arrow's, and the way from one to the other. */
export interface FixedWidthLayout<S extends NumberArray, T extends NumberArray> {
  readonly type: DataType
  readonly source: ArrayConstructor<S>
  readonly sourceWords?: number
  readonly target: ArrayConstructor<T>
  readonly targetWords?: number
  /** Writes the values of rows `start` to `start + count` of `source` into `target` from value `at`. */
  copy(source: S, start: number, count: number, target: T, at: number): void
}

/** Values of one size: numbers, dates, timestamps, decimals. */
export class FixedWidthSink<S extends NumberArray, T extends NumberArray> extends ColumnSink {
  private readonly layout: FixedWidthLayout<S, T>
  private readonly words: number
  private source: S
  private target: T

  constructor(layout: FixedWidthLayout<S, T>) {
    super()
    this.layout = layout
    this.words = layout.targetWords ?? 1
    this.source = new layout.source(0)
    this.target = new layout.target(0)
  }

  get byteLength(): number {
    return this.length * this.words * this.layout.target.BYTES_PER_ELEMENT
  }

  protected loadValues(vector: Vector, size: number): void {
    const length = size * (this.layout.sourceWords ?? 1)
    const bytes = duckdb.vector_get_data(vector, length * this.layout.source.BYTES_PER_ELEMENT)
    this.source = new this.layout.source(bytes.buffer, bytes.byteOffset, length)
  }

  protected takeValues(start: number, count: number): void {
    this.reserve((this.length + count) * this.words)
    this.layout.copy(this.source, start, count, this.target, this.length)
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const data = this.target
    this.target = new this.layout.target(0)
    return makeData({ type: this.layout.type, length, ...nulls, data } as Parameters<typeof makeData>[0])
  }

  private reserve(length: number): void {
    if (length <= this.target.length) return
    const grown = new this.layout.target(Math.max(length, this.target.length * 2, 2_048 * this.words))
    new Uint8Array(grown.buffer).set(new Uint8Array(this.target.buffer, 0, this.target.byteLength))
    this.target = grown
  }
}
