import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { DataType, StructType } from '../../../schema/data-type.js'
import type { ErrorContext } from '../duckdb-error.js'
import { type Syntax, syntaxOf } from './plan-json.js'

/** So many columns of one statement may have names that are keywords. */
const MAX_REPAIRS = 100

/**
 * The text with those columns quoted whose names are keywords of DuckDB (`at`, `left`, `order`): people write them plainly, and the
 * statement does not parse; with what DuckDB's parser makes of it. It says where it stopped: the word there, or the one before, is quoted if it names a
 * column. The text comes back as it was where that does not make it parse.
 * @param complete makes a whole statement of the text
 */
export async function quoteColumns(
  connection: DuckDBConnection,
  text: string,
  columns: Iterable<string>,
  context: ErrorContext,
  complete: (text: string) => string = (statement) => statement,
): Promise<{ readonly text: string; readonly syntax: Syntax }> {
  const names = new Set([...columns].map((name) => name.toLowerCase()))
  const prefix = (complete('\0').split('\0')[0] as string).length
  const first = await syntaxOf(connection, complete(text), context)
  let repaired = text
  let syntax = first
  for (let i = 0; i < MAX_REPAIRS && 'failure' in syntax; i++) {
    const { error_type, position } = syntax.failure
    if (error_type !== 'parser' || position === undefined) break
    const next = quoteWordAt(repaired, Number(position) - prefix, names)
    if (next === undefined) break
    repaired = next
    syntax = await syntaxOf(connection, complete(repaired), context)
  }
  return 'failure' in syntax ? { text, syntax: first } : { text: repaired, syntax }
}

/** @param position in code points, as DuckDB counts */
function quoteWordAt(text: string, position: number, names: ReadonlySet<string>): string | undefined {
  const characters = [...text]
  const before = characters.slice(0, Math.max(0, position)).join('')
  const after = text.slice(before.length)
  const [, head = '', last = '', space = ''] = /^(.*?)([\p{L}_][\p{L}\p{N}_$]*)(\s*)$/su.exec(before) ?? []
  if (names.has(last.toLowerCase())) return `${head}${quoteIdentifier(last)}${space}${after}`
  const first = /^[\p{L}_][\p{L}\p{N}_$]*/u.exec(after)?.[0] ?? ''
  if (names.has(first.toLowerCase())) return `${before}${quoteIdentifier(first)}${after.slice(first.length)}`
  return undefined
}

/** The names of the columns of a schema and of the fields of its structs. */
export function columnNames(schema: StructType): string[] {
  return schema.fields.flatMap((field) => [field.name, ...nestedNames(field.dataType)])
}

function nestedNames(type: DataType): string[] {
  switch (type.type) {
    case 'struct':
      return columnNames(type)
    case 'array':
      return nestedNames(type.elementType)
    case 'map':
      return [...nestedNames(type.keyType), ...nestedNames(type.valueType)]
    default:
      return []
  }
}
