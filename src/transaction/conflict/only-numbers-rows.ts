import type { Metadata } from '../../protocol/actions/action.js'
import { IDENTITY } from '../../schema/column-rules.js'
import { parseJson, stringifyJson } from '../../schema/lossless-json.js'

/** Whether all that changed in the metadata of a table is how far its identity columns got: nothing for those who give no values. */
export function onlyNumbersRows(from: Metadata, to: Metadata): boolean {
  return (
    from.schemaString !== to.schemaString &&
    stringifyJson({ ...plain(from), schemaString: withoutMarks(from) }) ===
      stringifyJson({ ...plain(to), schemaString: withoutMarks(to) })
  )
}

function plain({ id, name, description, format, partitionColumns, configuration }: Metadata): {
  readonly [name: string]: string
} {
  const entries = Object.entries(configuration).sort(([a], [b]) => (a < b ? -1 : 1))
  return { all: JSON.stringify([id, name, description, format, partitionColumns, entries]) }
}

/** The schema as other writers may have spelled it, too. */
function withoutMarks({ schemaString }: Metadata): string {
  const { fields } = parseJson(schemaString) as { readonly fields: readonly { readonly metadata?: object }[] }
  const unmarked = fields.map(({ metadata, ...field }) => {
    const others = Object.entries(metadata ?? {}).filter(([key]) => key !== IDENTITY.highWaterMark)
    return { ...field, metadata: others.sort(([a], [b]) => (a < b ? -1 : 1)) }
  })
  return stringifyJson(unmarked as never)
}
