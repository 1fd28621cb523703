import { DeltaError } from '../../errors/delta-error.js'
import type { Action } from '../../protocol/actions/action.js'
import { ENABLE_CHANGE_DATA_FEED } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { CHANGE_COLUMNS } from '../../scan/change-columns.js'
import { parseSchemaJson } from '../../schema/schema-json.js'
import { actionsOf } from '../file-actions.js'

/** InvalidSchema if a table that records changes would have a column of a name that its change data needs (PROTOCOL.md, "Change Data Files"). */
export function checkChangeColumnsFree(actions: readonly Action[]): void {
  for (const metadata of actionsOf(actions, 'metaData')) {
    if (!tableProperty(metadata, ENABLE_CHANGE_DATA_FEED)) continue
    const { fields } = parseSchemaJson(metadata.schemaString, 'CorruptLog')
    const reserved = new Set(CHANGE_COLUMNS.map(({ name }) => name))
    const taken = fields.find(({ name }) => reserved.has(name.toLowerCase()))
    if (taken === undefined) continue
    throw new DeltaError(
      'InvalidSchema',
      `The column ${taken.name} has a name that change data needs, and ${ENABLE_CHANGE_DATA_FEED.key} is true. Name it otherwise, or do not record changes.`,
      { details: { column: taken.name } },
    )
  }
}
