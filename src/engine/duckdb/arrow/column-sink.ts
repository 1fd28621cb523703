import duckdb, { type Vector } from '@duckdb/node-bindings'
import type { Data } from 'apache-arrow'
import { Bitmap } from './bitmap.js'

/**
 * Gathers the values of one column from DuckDB's vectors into one Arrow column. A vector is loaded, then runs of its
 * rows are taken; {@link ColumnSink.finish} hands the column over and leaves the sink empty.
 */
export abstract class ColumnSink {
  /** Validity of the rows taken so far. */
  protected readonly validity: Bitmap = new Bitmap()
  /** Validity of the loaded vector, one bit a row, undefined where every row is valid. */
  protected loadedValidity: Uint8Array | undefined
  protected length = 0

  /** @param parentValidity rows of an enclosing struct that are null have no meaning here: they become null. */
  load(vector: Vector, size: number, parentValidity?: Uint8Array): void {
    const own = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null
    this.loadedValidity = parentValidity === undefined ? (own ?? undefined) : intersect(own, parentValidity)
    this.loadValues(vector, size)
  }

  take(start: number, count: number): void {
    this.validity.append(this.loadedValidity, start, count)
    this.takeValues(start, count)
    this.length += count
  }

  finish(): Data {
    const data = this.finishValues(this.length, this.validity.finish())
    this.length = 0
    return data
  }

  /** Bytes held, about: decides when a batch is full. */
  abstract get byteLength(): number
  protected abstract loadValues(vector: Vector, size: number): void
  protected abstract takeValues(start: number, count: number): void
  protected abstract finishValues(length: number, nulls: { nullCount: number; nullBitmap?: Uint8Array }): Data

  protected isValid(row: number): boolean {
    return this.loadedValidity === undefined || ((this.loadedValidity[row >> 3] as number) & (1 << (row & 7))) !== 0
  }
}

function intersect(own: Uint8Array | null, parent: Uint8Array): Uint8Array {
  return own === null ? parent : parent.map((byte, i) => byte & (own[i] as number))
}
