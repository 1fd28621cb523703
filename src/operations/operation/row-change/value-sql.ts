import { describeValue, schemaMismatch } from '../../../arrow/schema-mismatch.js'
import { fitLiteral } from '../../../expressions/fit-literal.js'
import type { Literal } from '../../../expressions/predicate.js'
import { scalarSql } from '../../../expressions/scalar-sql.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType } from '../../../schema/data-type.js'
import { typeText } from '../../../schema/type-text.js'

/**
 * A value, in the forms that rows have, as a constant expression of DuckDB's SQL.
 *
 * @throws SchemaMismatch where the type cannot hold it without loss
 */
export function valueSql(value: unknown, type: DataType, path: readonly string[]): string {
  if (value === null || value === undefined) return 'NULL'
  switch (type.type) {
    case 'array':
      if (!Array.isArray(value)) break
      return `[${value.map((each) => valueSql(each, type.elementType, [...path, 'element'])).join(', ')}]`
    case 'map': {
      if (typeof value !== 'object' || Array.isArray(value)) break
      const entries = value instanceof Map ? [...value] : Object.entries(value)
      const pairs = entries.map(([key, each]) => {
        return `${valueSql(key, type.keyType, [...path, 'key'])}: ${valueSql(each, type.valueType, [...path, 'value'])}`
      })
      return `MAP {${pairs.join(', ')}}`
    }
    case 'struct': {
      if (typeof value !== 'object' || Array.isArray(value)) break
      const given = new Map(Object.entries(value))
      const fields = type.fields.map(({ name, dataType }) => {
        const each = given.get(name)
        given.delete(name)
        return `${quoteIdentifier(name)} := ${valueSql(each, dataType, [...path, name])}`
      })
      const [unknown] = given.keys()
      if (unknown === undefined) return `struct_pack(${fields.join(', ')})`
      throw schemaMismatch({
        path: [...path, unknown],
        expected: `one of ${type.fields.map(({ name }) => name).join(', ')}`,
        got: 'a field that the column lacks',
      })
    }
    default: {
      const fit = isLiteral(value) ? fitLiteral(plain(value), type) : undefined
      if (fit?.at === 'value') return scalarSql(fit.value, type)
    }
  }
  throw schemaMismatch({ path, expected: typeText(type), got: describeValue(value) })
}

function isLiteral(value: unknown): value is Exclude<Literal, null> {
  return typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array
}

/** Instants with microseconds keep them as text. */
function plain(value: Exclude<Literal, null>): Exclude<Literal, null> {
  if (!(value instanceof Date) || !('microseconds' in value) || Number.isNaN(value.getTime())) return value
  return `${value.toISOString().slice(0, -1)}${String(value.microseconds).padStart(3, '0')}Z`
}
