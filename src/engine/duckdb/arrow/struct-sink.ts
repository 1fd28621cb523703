import duckdb, { type Vector } from '@duckdb/node-bindings'
import { type Data, type DataType, Field, makeData, Struct } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'

/** Structs, and the entries of maps, whose first field (the key) is never null. */
export class StructSink extends ColumnSink {
  private readonly names: readonly string[]
  private readonly children: readonly ColumnSink[]
  private readonly isMapEntry: boolean

  constructor(names: readonly string[], children: readonly ColumnSink[], isMapEntry = false) {
    super()
    this.names = names
    this.children = children
    this.isMapEntry = isMapEntry
  }

  get byteLength(): number {
    return this.children.reduce((sum, child) => sum + child.byteLength, 0)
  }

  protected loadValues(vector: Vector, size: number): void {
    this.children.forEach((child, i) => {
      child.load(duckdb.struct_vector_get_child(vector, i), size, this.loadedValidity)
    })
  }

  protected takeValues(start: number, count: number): void {
    for (const child of this.children) child.take(start, count)
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const children = this.children.map((child) => child.finish())
    const fields = children.map((child, i) => this.field(child.type as DataType, i))
    return makeData({ type: new Struct(fields), length, ...nulls, children })
  }

  private field(type: DataType, i: number): Field {
    return new Field(this.names[i] as string, type, !(this.isMapEntry && i === 0))
  }
}
