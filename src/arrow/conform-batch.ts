import type { Field, RecordBatch } from 'apache-arrow'
import type { StructField, StructType } from '../schema/data-type.js'
import { typeText } from '../schema/type-text.js'
import { arrowSchema, arrowType } from './arrow-schema.js'
import { castColumn } from './cast/cast-column.js'
import { castFields } from './cast/cast-nested.js'
import type { CastRules } from './cast/cast-rules.js'
import type { Column } from './column.js'
import { nullColumn } from './null-column.js'
import { batchOf } from './relabel-batch.js'
import { schemaMismatch } from './schema-mismatch.js'

/**
 * Brings Arrow data from a caller into the form of a table's schema: any physical form of a type will do (large and view types, dictionaries, other
 * integer widths, decimals, units of time, timestamps without a zone as UTC) if every value fits without loss. Columns are matched by name, without regard
 * to case, in any order; missing ones that may be null become null.
 *
 * SchemaMismatch, naming column, expected and got: a value or type that does not fit, a null in a column that is not nullable (also nested), an unknown or
 * a missing column.
 */
export function conformBatch(batch: RecordBatch, schema: StructType): RecordBatch {
  const columns = castFields(batch.data as Column, schema.fields, [], CONFORM, castColumn)
  return batchOf(arrowSchema(schema), columns, batch.numRows)
}

const CONFORM: CastRules = {
  checkNulls: true,
  lenient: false,
  match: matchNames,
  missing(target, length, path) {
    if (target.nullable) return nullColumn(arrowType(target.dataType), length)
    throw schemaMismatch({ path, expected: `${typeText(target.dataType)} that is not null`, got: 'no such column' })
  },
  misfit(path, expected, got, row) {
    throw schemaMismatch({ path, expected, got, row })
  },
}

function matchNames(
  fields: readonly Field[],
  targets: readonly StructField[],
  path: readonly string[],
): readonly (number | undefined)[] {
  const exact = new Map(targets.map(({ name }, i) => [name, i]))
  const folded = new Map(targets.map(({ name }, i) => [name.toLowerCase(), i]))
  const positions = new Array<number | undefined>(targets.length).fill(undefined)
  fields.forEach(({ name }, position) => {
    const target = exact.get(name) ?? folded.get(name.toLowerCase())
    if (target === undefined) {
      const names = targets.map((field) => field.name).join(', ')
      throw schemaMismatch({ path: [...path, name], expected: `one of ${names}`, got: 'a column that the table lacks' })
    }
    if (positions[target] !== undefined) {
      throw schemaMismatch({
        path: [...path, name],
        expected: 'one column of that name',
        got: 'two that differ in case at most',
      })
    }
    positions[target] = position
  })
  return positions
}
