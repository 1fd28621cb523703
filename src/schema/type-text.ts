import { CURRENT_DEFAULT, GENERATION_EXPRESSION, IDENTITY } from './column-rules.js'
import type { DataType, PrimitiveName, StructField, StructType } from './data-type.js'

const SQL_NAMES: { readonly [Name in PrimitiveName]: string } = {
  boolean: 'BOOLEAN',
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INT',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'STRING',
  binary: 'BINARY',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamp_ntz: 'TIMESTAMP_NTZ',
  variant: 'VARIANT',
  void: 'VOID',
}

/** A type in the words of SQL, for messages and for `parseSchemaText`: `ARRAY<STRUCT<a: BIGINT NOT NULL>>`. */
export function typeText(type: DataType): string {
  switch (type.type) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    case 'array':
      return `ARRAY<${typeText(type.elementType)}${nullText(type.containsNull)}>`
    case 'map':
      return `MAP<${typeText(type.keyType)}, ${typeText(type.valueType)}${nullText(type.valueContainsNull)}>`
    case 'struct':
      return `STRUCT<${type.fields.map((field) => fieldText(field, ': ')).join(', ')}>`
    default:
      return SQL_NAMES[type.type]
  }
}

/**
 * The columns of a schema as `parseSchemaText` reads them: `id BIGINT NOT NULL, kind STRING DEFAULT 'none' COMMENT 'what happened'`. Metadata that says neither how a column is computed nor what it
 * means is left out.
 */
export function schemaText(schema: StructType): string {
  return schema.fields.map((field) => fieldText(field, ' ')).join(', ')
}

function fieldText(field: StructField, separator: string): string {
  const { comment } = field.metadata
  const commentText = typeof comment === 'string' ? ` COMMENT '${comment.replaceAll("'", "''")}'` : ''
  return `${nameText(field.name)}${separator}${typeText(field.dataType)}${nullText(field.nullable)}${computedText(field)}${commentText}`
}

function computedText({ metadata }: StructField): string {
  const generated = metadata[GENERATION_EXPRESSION]
  const value = metadata[CURRENT_DEFAULT]
  const start = metadata[IDENTITY.start]
  if (typeof generated === 'string') return ` GENERATED ALWAYS AS (${generated})`
  if (typeof value === 'string') return ` DEFAULT ${value}`
  if (start === undefined) return ''
  const kind = metadata[IDENTITY.allowExplicitInsert] === true ? 'BY DEFAULT' : 'ALWAYS'
  return ` GENERATED ${kind} AS IDENTITY (START WITH ${String(start)} INCREMENT BY ${String(metadata[IDENTITY.step])})`
}

function nameText(name: string): string {
  return /^[\p{L}\p{N}_]+$/u.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}

function nullText(nullable: boolean): string {
  return nullable ? '' : ' NOT NULL'
}
