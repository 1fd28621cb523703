import type { JsonValue, StructField, StructType } from '../../schema/data-type.js'
import { type ChangingTable, metadataWithSchema } from '../operation/metadata-with-schema.js'
import { fieldSummary } from './field-summary.js'
import type { AlteredTable } from './table-change.js'

/** A column as it was changed. */
export interface ChangedColumn {
  readonly schema: StructType
  readonly path: readonly string[]
  readonly field: StructField
  readonly position?: string
}

/** What a change of one column commits: nothing where the schema is the same. */
export function changeColumn(table: ChangingTable, { schema, path, field, position }: ChangedColumn): AlteredTable {
  const operationParameters: { [name: string]: JsonValue } = {
    column: fieldSummary(path.slice(0, -1), field),
    ...(position !== undefined && { position }),
  }
  const { metadata } = metadataWithSchema(table, schema)
  const operation = { operation: 'CHANGE COLUMN', operationParameters }
  return metadata.schemaString === table.metadata.schemaString ? operation : { ...operation, metadata }
}
