import type { Row } from '../arrow/row.js'
import { type ScanOptions, scan } from '../operations/scan.js'
import { withMetadataColumn } from '../scan/metadata-column.js'
import { resolveColumn } from '../schema/resolve-column.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { type RowOptions, streamRows } from './stream-rows.js'

/** The rows of a version as plain objects, those that were asked for by the names that they were asked for. */
export function tableRows(snapshot: Snapshot, options: ScanOptions & RowOptions): AsyncGenerator<Row, void, undefined> {
  const names = options.columns ?? snapshot.schema.fields.map(({ name }) => name)
  const schema = withMetadataColumn(snapshot.schema, snapshot, names)
  const fields = names.map((name) => resolveColumn(schema, [name]).field)
  return streamRows(scan(snapshot, options), { type: 'struct', fields }, options)
}
