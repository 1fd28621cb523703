/** A name as a quoted SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Text as an SQL expression. A NUL character cannot stand in a statement, so it is put in with `chr(0)`. */
export function quoteText(text: string): string {
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`
  return `(${text
    .split('\0')
    .map((part) => quoteText(part))
    .join(' || chr(0) || ')})`
}
