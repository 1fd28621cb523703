import { splitColumnNames } from '../../data-files/indexed-columns.js'
import { parseColumnPath } from '../../expressions/column-path.js'
import { DATA_SKIPPING_STATS_COLUMNS } from '../../protocol/properties/table-properties.js'
import { columnName } from '../../schema/schema-error.js'

type Properties = { readonly [key: string]: string }

/** Table properties after a column got another name: `delta.dataSkippingStatsColumns` names columns. */
export function renameInProperties(properties: Properties, path: readonly string[], name: string): Properties {
  const { key } = DATA_SKIPPING_STATS_COLUMNS
  const listed = properties[key]
  if (listed === undefined) return properties
  const renamed = splitColumnNames(listed).map((text) => {
    const steps = parseColumnPath(text)
    const isIt = path.every((step, i) => steps[i]?.toLowerCase() === step.toLowerCase())
    return isIt ? columnName(steps.with(path.length - 1, name)) : text
  })
  return { ...properties, [key]: renamed.join(',') }
}
