import duckdb, { type Vector } from '@duckdb/node-bindings'
import { Bool, type Data, makeData } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'

/** Booleans: a byte each in DuckDB, a bit each in Arrow. */
export class BooleanSink extends ColumnSink {
  private source = new Uint8Array(0)
  private bits = new Uint8Array(256)

  get byteLength(): number {
    return this.length >> 3
  }

  protected loadValues(vector: Vector, size: number): void {
    this.source = duckdb.vector_get_data(vector, size) as Uint8Array<ArrayBuffer>
  }

  protected takeValues(start: number, count: number): void {
    const needed = (this.length + count + 7) >> 3
    if (needed > this.bits.length) {
      const grown = new Uint8Array(Math.max(needed, this.bits.length * 2))
      grown.set(this.bits)
      this.bits = grown
    }
    for (let i = 0; i < count; i++) {
      const at = this.length + i
      if (this.source[start + i] !== 0) this.bits[at >> 3] = (this.bits[at >> 3] as number) | (1 << (at & 7))
    }
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const data = this.bits
    this.bits = new Uint8Array(256)
    return makeData({ type: new Bool(), length, ...nulls, data })
  }
}
