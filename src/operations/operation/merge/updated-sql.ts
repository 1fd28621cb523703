import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import type { DataType, StructType } from '../../../schema/data-type.js'
import { fieldNamed } from '../../../schema/field-named.js'

/** A value as SQL. */
interface TypedSql {
  readonly sql: string
  readonly type: DataType
}

/** What a value of the table becomes by one of the source: fields that structs of the source lack, at any depth, stay as they are. */
export function updatedSql(given: TypedSql, kept: TypedSql): string {
  const [from, to] = [given.type, kept.type]
  if (from.type !== 'struct' || to.type !== 'struct' || hasAllFields(from, to)) return given.sql
  const fields = to.fields.map(({ name, dataType }) => {
    const own = fieldNamed(from, name)
    const before = { sql: fieldSql(kept.sql, name), type: dataType }
    const sql =
      own === undefined ? before.sql : updatedSql({ sql: fieldSql(given.sql, own.name), type: own.dataType }, before)
    return `${quoteIdentifier(name)} := ${sql}`
  })
  return `CASE WHEN ${given.sql} IS NULL AND ${kept.sql} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`
}

function hasAllFields(from: StructType, to: StructType): boolean {
  return to.fields.every(({ name, dataType }) => {
    const own = fieldNamed(from, name)?.dataType
    if (own?.type !== 'struct' || dataType.type !== 'struct') return own !== undefined
    return hasAllFields(own, dataType)
  })
}

function fieldSql(struct: string, name: string): string {
  return `struct_extract(${struct}, ${quoteText(name)})`
}
