import { DeltaError } from '../errors/delta-error.js'
import type { StructType } from '../schema/data-type.js'
import { sameType } from '../schema/same-type.js'
import { typeText } from '../schema/type-text.js'

/**
 * Passes if rows of a table are what a program expects of them: each column is there with its type, and is not null where the program counts on it. The table may have
 * more columns. SchemaMismatch naming column, expected, got, otherwise.
 */
export function expectSchema(url: string, actual: StructType, expected: StructType): void {
  for (const { name, dataType, nullable } of expected.fields) {
    const field = actual.fields.find((each) => each.name === name)
    const fits = field !== undefined && sameType(field.dataType, dataType) && (nullable || !field.nullable)
    if (fits) continue
    const got =
      field === undefined ? 'no such column' : `${typeText(field.dataType)}${field.nullable ? '' : ' NOT NULL'}`
    const wanted = `${typeText(dataType)}${nullable ? '' : ' NOT NULL'}`
    throw new DeltaError(
      'SchemaMismatch',
      `${url} does not have the schema that it was opened with: column ${name} should be ${wanted}; the table has ${got}.`,
      { details: { table: url, column: name, expected: wanted, got } },
    )
  }
}
