import type { WriteTarget } from '../../../data-files/write-target.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { StructField } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import type { Check } from './conversion.js'
import { convert } from './convert.js'
import type { LoadSource } from './load-source.js'
import { matchFields } from './match-fields.js'

/** A check and the source whose rows it is for; its position is what the failing statement tells. */
export interface Guard {
  readonly source: LoadSource
  readonly check: Check
}

/** What a SELECT of a source's rows has beside the table's columns. */
export interface SourceSelectOptions {
  /** Collects the checks of the values; without it they are not checked. */
  readonly guards?: Guard[]
  /** Whose columns say which computed columns the source has. */
  readonly rules?: { given(source: LoadSource): readonly string[] } | undefined
  /** The rows; default: those of all files of the source. */
  readonly from?: string
  /** Further columns. */
  readonly more?: readonly string[]
}

/** The rows of a source as the table's columns, every value checked. */
export function sourceSelect(source: LoadSource, target: WriteTarget, options: SourceSelectOptions): string {
  const { guards, rules, from = source.from(source.files), more = [] } = options
  const types = new Map(source.columns.map(({ name, type }) => [name, type]))
  const columns = matchFields(target.schema, [...types.keys()], []).map(({ field, source: name }) => {
    const type = name === undefined ? undefined : types.get(name)
    if (name === undefined || type === undefined) {
      return `CAST(NULL AS ${typeSql(field.dataType)}) AS ${quoteIdentifier(field.name)}`
    }
    const way = { textual: source.textual, path: [field.name] }
    const nullable = field.nullable || countsNulls(field, source, target)
    const { value, checks } = convert(quoteIdentifier(name), type, field.dataType, nullable, way)
    const cases = (guards === undefined ? [] : checks).map((check) => {
      guards?.push({ source, check })
      return `WHEN ${check.condition} THEN error('lakewright check ${(guards?.length ?? 0) - 1}')`
    })
    const guarded = cases.length === 0 ? value : `CASE ${cases.join(' ')} ELSE ${value} END`
    return `${guarded} AS ${quoteIdentifier(field.name)}`
  })
  return `SELECT ${[...columns, ...(rules?.given(source) ?? []), ...more].join(', ')} FROM ${from}`
}

/** True where the footers of the files written tell whether a column has nulls, so that no row needs to be looked at. */
function countsNulls({ name, dataType }: StructField, source: LoadSource, target: WriteTarget): boolean {
  const isNested = dataType.type === 'struct' || dataType.type === 'array' || dataType.type === 'map'
  return !source.textual && !isNested && !target.partitionColumns.includes(name)
}
