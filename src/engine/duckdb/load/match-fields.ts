import { schemaMismatch } from '../../../arrow/schema-mismatch.js'
import { DeltaError } from '../../../errors/delta-error.js'
import type { StructField, StructType } from '../../../schema/data-type.js'
import { typeText } from '../../../schema/type-text.js'

/** A field of the table and the name it has in a source; undefined where the source lacks it. */
export interface MatchedField {
  readonly field: StructField
  readonly source: string | undefined
}

/**
 * Finds the fields of the table in a source, without case where no name is spelled exactly.
 * @param path of the struct, empty for the columns themselves
 * @throws SchemaMismatch for a source field that the table does not have, and for a missing one that may not be null
 */
export function matchFields(to: StructType, sources: readonly string[], path: readonly string[]): MatchedField[] {
  const taken = new Map<string, string>()
  for (const source of sources) {
    const field =
      to.fields.find(({ name }) => name === source) ??
      to.fields.find(({ name }) => name.toLowerCase() === source.toLowerCase())
    const column = [...path, source].join('.')
    if (field === undefined) {
      throw schemaMismatch({
        path: [...path, source],
        expected: `one of the columns ${to.fields.map(({ name }) => [...path, name].join('.')).join(', ')}`,
        got: 'a column that the table lacks',
      })
    }
    if (taken.has(field.name)) {
      throw new DeltaError(
        'SchemaMismatch',
        `The data has column ${column} twice, but for case. Leave one of them out.`,
        {
          details: { column },
        },
      )
    }
    taken.set(field.name, source)
  }
  for (const field of to.fields) {
    if (taken.has(field.name) || field.nullable) continue
    throw schemaMismatch({
      path: [...path, field.name],
      expected: `${typeText(field.dataType)} NOT NULL`,
      got: 'no such column',
    })
  }
  return to.fields.map((field) => ({ field, source: taken.get(field.name) }))
}
