import { RecordBatch, type Schema, Struct } from 'apache-arrow'
import { type Column, makeColumn } from './column.js'

/** The same columns under another schema of the same types: other names, nullability or metadata. Nothing is copied. */
export function relabelBatch(batch: RecordBatch, schema: Schema): RecordBatch {
  return batchOf(schema, batch.data.children as Column[], batch.numRows)
}

/** A batch from its columns, in the order of the schema. */
export function batchOf(schema: Schema, columns: readonly Column[], length: number): RecordBatch {
  return new RecordBatch(
    schema,
    makeColumn(new Struct(schema.fields), { length, nullCount: 0, children: columns }) as never,
  )
}
