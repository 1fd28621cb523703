import duckdb, { type Vector } from '@duckdb/node-bindings'
import { type Data, type DataType, Field, List, Map_, makeData, type Struct } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'

/** Lists, and maps, which DuckDB stores as lists of key and value. */
export class ListSink extends ColumnSink {
  private readonly elements: ColumnSink
  private readonly isMap: boolean
  /** Offset and length of each row in the child vector. */
  private entries = new BigUint64Array(0)
  private offsets = new Int32Array(2_049)

  constructor(elements: ColumnSink, isMap: boolean) {
    super()
    this.elements = elements
    this.isMap = isMap
  }

  get byteLength(): number {
    return this.length * 4 + this.elements.byteLength
  }

  protected loadValues(vector: Vector, size: number): void {
    const bytes = duckdb.vector_get_data(vector, size * 16)
    this.entries = new BigUint64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, size * 2)
    this.elements.load(duckdb.list_vector_get_child(vector), duckdb.list_vector_get_size(vector))
  }

  protected takeValues(start: number, count: number): void {
    this.reserve(count)
    let end = this.offsets[this.length] as number
    // Neighbouring lists are taken in one run.
    let runStart = 0
    let runLength = 0
    for (let i = 0; i < count; i++) {
      const row = start + i
      const length = this.isValid(row) ? Number(this.entries[row * 2 + 1]) : 0
      if (length > 0) {
        const from = Number(this.entries[row * 2])
        if (from !== runStart + runLength) {
          if (runLength > 0) this.elements.take(runStart, runLength)
          runStart = from
          runLength = 0
        }
        runLength += length
        end += length
      }
      this.offsets[this.length + i + 1] = end
    }
    if (runLength > 0) this.elements.take(runStart, runLength)
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const child = this.elements.finish()
    const valueOffsets = this.offsets
    this.offsets = new Int32Array(2_049)
    if (this.isMap) return makeData({ type: mapType(child.type as Struct), length, ...nulls, valueOffsets, child })
    const type = new List(new Field('element', child.type as DataType, true))
    return makeData({ type, length, ...nulls, valueOffsets, child })
  }

  private reserve(count: number): void {
    const needed = this.length + count + 1
    if (needed <= this.offsets.length) return
    const grown = new Int32Array(Math.max(needed, this.offsets.length * 2))
    grown.set(this.offsets)
    this.offsets = grown
  }
}

/** Arrow's rule: entries and keys of a map are never null. */
function mapType(entry: Struct): Map_ {
  return new Map_(new Field('key_value', entry, false) as unknown as ConstructorParameters<typeof Map_>[0])
}
