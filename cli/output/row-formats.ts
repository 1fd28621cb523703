import { exportArrow, exportParquet } from '../../src/index.js'
import { csvLine } from './csv-text.js'
import { jsonText } from './json-text.js'
import type { RowSource } from './row-source.js'
import { tableText } from './table-text.js'

export const ROW_FORMATS = ['table', 'json', 'ndjson', 'csv', 'parquet', 'arrow'] as const
export type RowFormat = (typeof ROW_FORMATS)[number]

export interface FormatOptions {
  /** Columns of the screen. */
  readonly width?: number | undefined
  /** Tells people what they do not see. */
  readonly note: (text: string) => void
}

/** Rows that a table on a screen shows at most; all other formats are complete. */
const TABLE_ROWS = 1000
/** Text is written in pieces of about so many characters. */
const PIECE = 1 << 16

/** Rows in a format, piece by piece. */
export function formatRows(
  format: RowFormat,
  source: RowSource,
  options: FormatOptions,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'table':
      return asTable(source, options)
    case 'json':
      return inPieces(asJson(source))
    case 'ndjson':
      return inPieces(asNdjson(source))
    case 'csv':
      return inPieces(asCsv(source))
    case 'parquet':
      return asParquet(source)
    case 'arrow':
      return asArrow(source)
  }
}

async function* asTable({ columns, rows }: RowSource, { width, note }: FormatOptions): AsyncGenerator<string> {
  const shown: unknown[][] = []
  let more = false
  for await (const row of rows()) {
    more = shown.length === TABLE_ROWS
    if (more) break
    shown.push(columns.map((name) => row[name]))
  }
  yield tableText(columns, shown, { width })
  note(
    more
      ? `The first ${TABLE_ROWS} rows. Use --limit, or a --format other than table for all.`
      : rowCount(shown.length),
  )
}

function rowCount(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`
}

async function* asJson({ rows }: RowSource): AsyncGenerator<string> {
  let separator = '[\n  '
  for await (const row of rows()) {
    yield separator + jsonText(row)
    separator = ',\n  '
  }
  yield separator.startsWith('[') ? '[]\n' : '\n]\n'
}

async function* asNdjson({ rows }: RowSource): AsyncGenerator<string> {
  for await (const row of rows()) yield `${jsonText(row)}\n`
}

async function* asCsv({ columns, rows }: RowSource): AsyncGenerator<string> {
  yield csvLine(columns)
  for await (const row of rows()) yield csvLine(columns.map((name) => row[name]))
}

function asParquet({ batches }: RowSource): AsyncIterable<Uint8Array> {
  return exportParquet(batches())
}

function asArrow({ batches }: RowSource): AsyncIterable<Uint8Array> {
  return exportArrow(batches())
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = ''
  for await (const text of texts) {
    piece += text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
