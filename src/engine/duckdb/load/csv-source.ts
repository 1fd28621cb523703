import { type DuckDBConnection, type DuckDBListValue, VARCHAR } from '@duckdb/node-api'
import { quoteText } from '../../../expressions/sql-quote.js'
import { quotePath } from '../quote-path.js'
import { runStatement } from '../run-statement.js'
import { LOAD_CONTEXT, type LoadSource } from './load-source.js'

/** What a sniffed option is called where there is none. */
const NONE = '(empty)'

/**
 * CSV files with a header each: separator and quotes are found out from the beginning of the file, every field is read as text. Files
 * of one header and dialect come together. An empty field is null, a quoted empty one is an empty string.
 */
export async function csvSources(
  connection: DuckDBConnection,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<LoadSource[]> {
  const groups = new Map<string, LoadSource & { readonly files: string[] }>()
  for (const file of files) {
    const context = { ...LOAD_CONTEXT, what: `The CSV file ${file} cannot be read` }
    const sniff = `SELECT Delimiter, Quote, Escape, list_transform(Columns, lambda c: c.name) AS names
      FROM sniff_csv(${quotePath(file)}, header = true, all_varchar = true, null_padding = false)`
    const [found] = await runStatement(connection, sniff, context, { signal })
    const names = (found?.names as DuckDBListValue | undefined)?.items.map(String) ?? []
    const dialect = [found?.Delimiter, found?.Quote, found?.Escape].map(String)
    const shape = JSON.stringify([names, dialect])
    const group = groups.get(shape)
    if (group === undefined) {
      const columns = names.map((name) => ({ name, type: VARCHAR }))
      groups.set(shape, { files: [file], from: reader(names, dialect), columns, textual: true, firstLine: 2 })
    } else group.files.push(file)
  }
  return [...groups.values()]
}

function reader(
  names: readonly string[],
  [delimiter = ',', quote = NONE, escaping = NONE]: readonly string[],
): LoadSource['from'] {
  // A file whose beginning has no quotes may have some later.
  const quoteCharacter = quote === NONE ? '"' : quote
  const options = [
    'auto_detect = false',
    'header = true',
    `delim = ${quoteText(delimiter)}`,
    `quote = ${quoteText(quoteCharacter)}`,
    `escape = ${quoteText(escaping === NONE ? quoteCharacter : escaping)}`,
    `columns = {${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
    "nullstr = ''",
    'allow_quoted_nulls = false',
    'strict_mode = true',
  ]
  return (files) => `read_csv([${files.map(quotePath).join(', ')}], ${options.join(', ')})`
}
