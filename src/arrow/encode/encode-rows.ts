import type { RecordBatch } from 'apache-arrow'
import type { StructType } from '../../schema/data-type.js'
import { arrowSchema } from '../arrow-schema.js'
import { batchOf } from '../relabel-batch.js'
import { encodeField } from './encode-column.js'
import { matchRowNames } from './match-row-names.js'

/**
 * Turns plain objects into a batch of a table's schema. Names are matched without regard to case; a column that a row lacks, or has as
 * `undefined`, is null. Beside the forms that `decodeRows` gives, it takes safe integers for long, bigints for smaller integers, ISO strings for
 * timestamps, dates as `Date`, numbers and bigints for decimals, `Map`s or plain objects for maps.
 *
 * SchemaMismatch, naming column, row, expected and got, where a value does not fit without loss; nothing is rounded but float.
 * @param firstRow added to the row numbers in messages, for callers that encode in chunks.
 */
export function encodeRows(rows: readonly object[], schema: StructType, firstRow = 0): RecordBatch {
  const named = matchRowNames(rows, schema, firstRow)
  const columns = schema.fields.map((field) => {
    const { name } = field
    // A name such as "constructor" would be found on every object.
    const inherited = name in Object.prototype
    const values = named.map((row) => (inherited && !Object.hasOwn(row, name) ? undefined : row[name]))
    return encodeField(values, field, { path: [name], row: (index) => firstRow + index })
  })
  return batchOf(arrowSchema(schema), columns, rows.length)
}
