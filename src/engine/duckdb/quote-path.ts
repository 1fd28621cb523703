import { quoteText } from '../../expressions/sql-quote.js'

/** A file name as SQL text. DuckDB takes names for patterns, so their special characters are put into brackets. */
export function quotePath(path: string): string {
  return quoteText(path.replaceAll(/[[*?]/g, (character) => `[${character}]`))
}
