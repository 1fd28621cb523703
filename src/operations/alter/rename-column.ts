import { parseColumnPath } from '../../expressions/column-path.js'
import type { Metadata } from '../../protocol/actions/action.js'
import { editField } from '../../schema/evolve/edit-column.js'
import { columnName } from '../../schema/schema-error.js'
import { metadataWithSchema } from '../operation/metadata-with-schema.js'
import { checkNotInRules } from './check-not-in-rules.js'
import { renameInProperties } from './rename-in-properties.js'
import { requireColumnMapping } from './require-column-mapping.js'
import type { TableChange } from './table-change.js'

/**
 * Gives a column, or a field at any depth, another name; data files stay as they are.
 *
 * @throws UnknownColumn; InvalidSchema for a name that is taken; UnsupportedFeature without column mapping; InvalidArgument where a constraint or a generated column looks at it
 */
export function renameColumn(column: string | readonly string[], name: string): TableChange {
  const wanted = parseColumnPath(column)
  return async (snapshot) => {
    let path: readonly string[] = wanted
    const schema = editField(snapshot.schema, wanted, (field, at) => {
      path = at
      return { ...field, name }
    })
    const renamed = [...path.slice(0, -1), name]
    const operation = {
      operation: 'RENAME COLUMN',
      operationParameters: { oldColumnPath: columnName(path), newColumnPath: columnName(renamed) },
    }
    if (path.at(-1) === name) return operation
    requireColumnMapping(snapshot, path, 'renamed')
    await checkNotInRules(snapshot, path, 'renamed')
    const { metadata } = metadataWithSchema(snapshot, schema)
    return { ...operation, metadata: followName(metadata, path, name) }
  }
}

/** Partition columns and statistics columns go by logical names. */
function followName(metadata: Metadata, path: readonly string[], name: string): Metadata {
  const partitionColumns =
    path.length > 1
      ? metadata.partitionColumns
      : metadata.partitionColumns.map((column) => (column === path[0] ? name : column))
  return { ...metadata, partitionColumns, configuration: renameInProperties(metadata.configuration, path, name) }
}
