import duckdb, { type Vector } from '@duckdb/node-bindings'
import { type Binary, type Data, makeData, type Utf8 } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'
import { HeapSegments } from './heap-segments.js'

/** DuckDB's string header: 4 bytes length, then 12 bytes of text, or 4 bytes of prefix and a pointer. */
const HEADER = 16
const INLINE = 12

/** Strings and binary values. */
export class BytesSink extends ColumnSink {
  private readonly type: Utf8 | Binary
  private headers = new Uint8Array(0)
  private words = new Uint32Array(0)
  private heap = new HeapSegments(this.headers)
  private offsets = new Int32Array(2_049)
  private bytes = new Uint8Array(0)

  constructor(type: Utf8 | Binary) {
    super()
    this.type = type
  }

  get byteLength(): number {
    return this.length * 4 + (this.offsets[this.length] as number)
  }

  protected loadValues(vector: Vector, size: number): void {
    this.headers = duckdb.vector_get_data(vector, size * HEADER) as Uint8Array<ArrayBuffer>
    this.words = new Uint32Array(this.headers.buffer, this.headers.byteOffset, size * 4)
    this.heap = new HeapSegments(this.headers)
  }

  protected takeValues(start: number, count: number): void {
    this.reserveOffsets(count)
    let end = this.offsets[this.length] as number
    const first = end
    for (let i = 0; i < count; i++) {
      const row = start + i
      if (this.isValid(row)) {
        const length = this.words[row * 4] as number
        end += length
        if (length > INLINE) this.heap.add(row)
      }
      this.offsets[this.length + i + 1] = end
    }
    this.reserveBytes(end)
    this.copy(start, count, first)
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const valueOffsets = this.offsets
    const data = this.bytes
    this.offsets = new Int32Array(2_049)
    this.bytes = new Uint8Array(0)
    return makeData({ type: this.type, length, ...nulls, valueOffsets, data } as Parameters<typeof makeData>[0])
  }

  private copy(start: number, count: number, first: number): void {
    let at = first
    for (let i = 0; i < count; i++) {
      const row = start + i
      const length = (this.offsets[this.length + i + 1] as number) - at
      if (length > INLINE) this.bytes.set(this.heap.read(row, length), at)
      else for (let k = 0; k < length; k++) this.bytes[at + k] = this.headers[row * HEADER + 4 + k] as number
      at += length
    }
  }

  private reserveOffsets(count: number): void {
    const needed = this.length + count + 1
    if (needed <= this.offsets.length) return
    const grown = new Int32Array(Math.max(needed, this.offsets.length * 2))
    grown.set(this.offsets)
    this.offsets = grown
  }

  private reserveBytes(needed: number): void {
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes)
    this.bytes = grown
  }
}
