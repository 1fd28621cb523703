import type { RecordBatch } from 'apache-arrow'
import type { StructType } from '../../schema/data-type.js'
import { type Column, childAt } from '../column.js'
import type { Row, RowValue } from '../row.js'
import { rowReader } from './row-reader.js'

/** The rows of a batch of a table's schema (see `arrowSchema`) as plain objects; each value is the caller's own. */
export function decodeRows(batch: RecordBatch, schema: StructType): Row[] {
  const rows: { [name: string]: RowValue }[] = Array.from({ length: batch.numRows }, () => ({}))
  schema.fields.forEach(({ name, dataType }, index) => {
    const read = rowReader(childAt(batch.data as Column, index), dataType)
    if (name === '__proto__') {
      rows.forEach((row, i) => {
        Object.defineProperty(row, name, { value: read(i), enumerable: true, configurable: true, writable: true })
      })
    } else for (let i = 0; i < rows.length; i++) (rows[i] as { [name: string]: RowValue })[name] = read(i)
  })
  return rows
}
