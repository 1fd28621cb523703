import { type DuckDBType, DuckDBTypeId, type DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import type { Vector } from '@duckdb/node-bindings'
import { type Data, makeData, Utf8 } from 'apache-arrow'
import { stringifyJson } from '../../../schema/lossless-json.js'
import { ColumnSink } from './column-sink.js'
import { variantJson } from './variant-json.js'

/** A variant as JSON; types that Delta does not have (UUID, TIME, INTERVAL, ENUM, BIT, ...) as the text that DuckDB prints. */
export class TextSink extends ColumnSink {
  private readonly type: DuckDBType
  private source: DuckDBVector | undefined
  private texts: Uint8Array[] = []
  private bytes = 0

  constructor(type: DuckDBType) {
    super()
    this.type = type
  }

  get byteLength(): number {
    return this.bytes
  }

  protected loadValues(vector: Vector, size: number): void {
    this.source = DuckDBVector.create(vector, size, this.type)
  }

  protected takeValues(start: number, count: number): void {
    for (let row = start; row < start + count; row++) {
      const value = this.isValid(row) ? this.source?.getItem(row) : null
      const text = ENCODER.encode(value === null || value === undefined ? '' : this.textOf(value))
      this.bytes += text.length
      this.texts.push(text)
    }
  }

  protected finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data {
    const valueOffsets = new Int32Array(length + 1)
    const data = new Uint8Array(this.bytes)
    this.texts.forEach((text, i) => {
      data.set(text, valueOffsets[i])
      valueOffsets[i + 1] = (valueOffsets[i] as number) + text.length
    })
    this.texts = []
    this.bytes = 0
    this.source = undefined
    return makeData({ type: new Utf8(), length, ...nulls, valueOffsets, data })
  }

  private textOf(value: DuckDBValue): string {
    return this.type.typeId === DuckDBTypeId.VARIANT ? stringifyJson(variantJson(value)) : String(value)
  }
}

const ENCODER = new TextEncoder()
