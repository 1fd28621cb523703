import { type Data, makeData, Null } from 'apache-arrow'
import { ColumnSink } from './column-sink.js'

/** Columns that hold nothing but null. */
export class NullSink extends ColumnSink {
  get byteLength(): number {
    return 0
  }

  protected loadValues(): void {}

  protected takeValues(): void {}

  protected finishValues(length: number): Data {
    return makeData({ type: new Null(), length })
  }
}
