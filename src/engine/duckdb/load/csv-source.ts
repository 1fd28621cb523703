import { VARCHAR } from '@duckdb/node-api'
import { quoteText } from '../../../expressions/sql-quote.js'
import { quotePath } from '../quote-path.js'
import { type CsvHeader, readCsvHeader } from './csv-header.js'
import type { LoadSource } from './load-source.js'

/**
 * CSV files with a header each; every field is read as text. Files of one header come together. An empty field is null, a quoted empty
 * one is an empty string.
 */
export async function csvSources(files: readonly string[]): Promise<LoadSource[]> {
  const groups = new Map<string, LoadSource & { readonly files: string[] }>()
  for (const file of files) {
    const header = await readCsvHeader(file)
    if (header === undefined) continue
    const shape = JSON.stringify(header)
    const group = groups.get(shape)
    if (group === undefined) {
      const columns = header.names.map((name) => ({ name, type: VARCHAR }))
      groups.set(shape, { files: [file], from: reader(header), columns, textual: true, firstLine: 2 })
    } else group.files.push(file)
  }
  return [...groups.values()]
}

function reader({ delimiter, names, compression }: CsvHeader): LoadSource['from'] {
  const options = [
    'auto_detect = false',
    'header = true',
    `compression = ${quoteText(compression)}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `columns = {${names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
    "nullstr = ''",
    'allow_quoted_nulls = false',
    'strict_mode = true',
  ]
  return (files) => `read_csv([${files.map(quotePath).join(', ')}], ${options.join(', ')})`
}
