import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { typeText } from '../../../schema/type-text.js'
import { runStatement } from '../run-statement.js'
import type { Check } from './conversion.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'
import { textLines } from './text-lines.js'

const SHOWN_CHARACTERS = 200

/** The first row of a source that a check finds bad, as an error that says where it is; undefined where there is none. */
export async function badRow(
  connection: DuckDBConnection,
  source: LoadSource,
  check: Check,
  signal?: AbortSignal,
): Promise<DeltaError | undefined> {
  for (const file of source.files) {
    const numbered = `SELECT row_number() OVER () AS "row number", * FROM ${source.from([file])}`
    const sql = `SELECT "row number" AS row_number, left(CAST(${check.subject} AS VARCHAR), ${SHOWN_CHARACTERS}) AS subject
      FROM (${numbered}) WHERE ${check.condition} LIMIT 1`
    const [row] = await runStatement(connection, sql, LOAD_CONTEXT, { signal })
    if (row === undefined) continue
    const position = Number(row.row_number)
    const place = await placeOf(connection, source, file, position, signal)
    return describe(check, row.subject === null ? null : String(row.subject), file, place)
  }
  return undefined
}

/** Text: the line that the row begins in, counting line breaks inside quoted fields; else the row, from 1. */
export async function placeOf(
  connection: DuckDBConnection,
  source: LoadSource,
  file: string,
  position: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly line: number } | { readonly row: number }> {
  if (source.firstLine === undefined) return { row: position }
  if (source.firstLine === 1) return { line: await lineOfRow(file, position) }
  const texts = source.columns.filter(({ type }) => String(type) === 'VARCHAR').map(({ name }) => quoteIdentifier(name))
  if (texts.length === 0) return { line: source.firstLine + position - 1 }
  const text = `concat_ws('', ${texts.join(', ')})`
  const sql = `SELECT coalesce(sum(len(${text}) - len(replace(${text}, chr(10), ''))), 0) AS breaks
    FROM (SELECT * FROM ${source.from([file])} LIMIT ${position - 1})`
  const [row] = await runStatement(connection, sql, LOAD_CONTEXT, { signal })
  return { line: source.firstLine + position - 1 + Number(row?.breaks ?? 0) }
}

/** Rows are the lines that are not blank. */
async function lineOfRow(file: string, position: number): Promise<number> {
  let row = 0
  for await (const { number } of textLines(file)) if (++row === position) return number
  return position
}

function describe(
  { path, problem, expected }: Check,
  subject: string | null,
  file: string,
  place: { readonly line: number } | { readonly row: number },
): DeltaError {
  const column = path.join('.')
  const where = `${file}, ${'line' in place ? `line ${place.line}` : `row ${place.row}`}`
  const details = { path: file, column, ...place }
  const value = subject === null ? 'null' : JSON.stringify(subject)
  const type = typeText(expected)
  if (problem === 'unreadable') {
    const form = expected.type === 'binary' ? `${type}, which is base64 in text` : type
    return new DeltaError('InvalidInput', `${where}: column ${column}: ${value} is no ${form}. Correct the row.`, {
      details,
    })
  }
  const expectation = problem === 'null' ? `${type} NOT NULL` : type
  const why = problem === 'null' ? '' : ', which it cannot hold without loss'
  return new DeltaError(
    'SchemaMismatch',
    `${where}: column ${column}: expected ${expectation}, got ${value}${why}. Change the data, or the schema of the table.`,
    { details: { ...details, expected: expectation, got: value } },
  )
}
