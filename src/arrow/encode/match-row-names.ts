import { DeltaError } from '../../errors/delta-error.js'
import type { StructType } from '../../schema/data-type.js'
import { schemaMismatch } from '../schema-mismatch.js'

/** A row whose keys are the names of the schema. */
export type NamedRow = { readonly [name: string]: unknown }

/** Rows by the schema's own names: they are copied only where a key differs in case. SchemaMismatch for a key that is no column. */
export function matchRowNames(rows: readonly object[], schema: StructType, firstRow: number): readonly NamedRow[] {
  const names = new Set(schema.fields.map((field) => field.name))
  let exact = true
  for (const [index, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      const got = row === null ? 'null' : Array.isArray(row) ? 'an array' : `a ${typeof row}`
      throw new DeltaError('InvalidInput', `Row ${firstRow + index} is ${got}. Pass rows as plain objects.`)
    }
    for (const key in row) if (!names.has(key)) exact = false
  }
  if (exact) return rows as readonly NamedRow[]
  const byLowerCase = new Map(schema.fields.map((field) => [field.name.toLowerCase(), field.name]))
  return rows.map((row, index) => renameKeys(row, firstRow + index, names, byLowerCase))
}

function renameKeys(
  row: object,
  rowNumber: number,
  names: ReadonlySet<string>,
  byLowerCase: ReadonlyMap<string, string>,
): NamedRow {
  const renamed = Object.create(null) as { [name: string]: unknown }
  for (const [key, value] of Object.entries(row)) {
    const name = names.has(key) ? key : byLowerCase.get(key.toLowerCase())
    if (name === undefined) {
      const expected = `one of the columns ${[...names].join(', ')}`
      throw schemaMismatch({ path: [key], expected, got: 'a column that the table lacks', row: rowNumber })
    }
    if (name in renamed) {
      throw schemaMismatch({
        path: [name],
        expected: 'one value',
        got: 'keys that differ in case only',
        row: rowNumber,
      })
    }
    renamed[name] = value
  }
  return renamed
}
