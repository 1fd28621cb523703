import { DeltaError } from '../errors/delta-error.js'
import { nearestName } from '../errors/nearest-name.js'
import type { StructField, StructType } from './data-type.js'
import { columnName } from './schema-error.js'

/** A column found in a schema. */
export interface ResolvedColumn {
  /** The names as the schema spells them. */
  readonly path: readonly string[]
  /** The fields on the way, the column itself last. */
  readonly fields: readonly [StructField, ...StructField[]]
  /** The column itself. */
  readonly field: StructField
}

/**
 * Finds a column, or a field inside struct columns. Names are compared without case; one spelled exactly wins.
 *
 * UnknownColumn with the nearest name where there is none, AmbiguousColumn where several names differ only in case.
 */
export function resolveColumn(schema: StructType, path: readonly string[]): ResolvedColumn {
  const fields: StructField[] = []
  let struct = schema
  for (const [depth, name] of path.entries()) {
    const field = findField(struct, name, path.slice(0, depth + 1))
    fields.push(field)
    if (depth === path.length - 1) break
    if (field.dataType.type !== 'struct') {
      throw unknown(path.slice(0, depth + 2), `${columnName(path.slice(0, depth + 1))} is not a struct.`)
    }
    struct = field.dataType
  }
  const [first, ...rest] = fields
  if (first === undefined) throw unknown(path, 'A column path needs at least one name.')
  const field = rest.at(-1) ?? first
  return { path: fields.map((step) => step.name), fields: [first, ...rest], field }
}

function findField(struct: StructType, name: string, path: readonly string[]): StructField {
  const exact = struct.fields.find((field) => field.name === name)
  if (exact !== undefined) return exact
  const folded = name.toLowerCase()
  const [match, ...others] = struct.fields.filter((field) => field.name.toLowerCase() === folded)
  if (match === undefined) throw unknown(path, suggestion(struct, name))
  if (others.length === 0) return match
  const names = [match, ...others].map((field) => columnName([...path.slice(0, -1), field.name]))
  throw new DeltaError(
    'AmbiguousColumn',
    `Column ${columnName(path)} is ambiguous: it may be ${names.join(' or ')}. Spell it as one of them.`,
    { details: { column: columnName(path), candidates: names } },
  )
}

function suggestion(struct: StructType, name: string): string {
  const names = struct.fields.map((field) => field.name)
  const nearest = nearestName(name, names)
  if (nearest !== undefined) return `Did you mean ${columnName([nearest])}?`
  if (names.length === 0) return 'There are no columns here.'
  const shown = names.slice(0, 20).map((each) => columnName([each]))
  return `There are ${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}.`
}

function unknown(path: readonly string[], help: string): DeltaError {
  const column = columnName(path)
  return new DeltaError('UnknownColumn', `There is no column ${column}. ${help}`, { details: { column } })
}
