import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'

const SHOWN_CHARACTERS = 200

/** SQL that makes a text of the values of some columns, for messages: `id = 1, kind = NULL`. */
export function shownKey(columns: readonly string[]): string {
  const shown = columns.map(
    (name) => `${quoteText(name)} || ' = ' || coalesce(CAST(${quoteIdentifier(name)} AS VARCHAR), 'NULL')`,
  )
  return `left(concat_ws(', ', ${shown.join(', ')}), ${SHOWN_CHARACTERS})`
}
