import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import type { ParsedRowChange } from '../../row-change.js'

/** The relations of one change as SQL names; columns of ours have names that no column of the user has. */
export interface ChangeRelations {
  /** The table's files: its columns, and for each row where it stands. */
  readonly target: string
  /** Position of the row's file among those staged; position of the row in it. */
  readonly file: string
  readonly row: string
  readonly source: string
  /** Identifies a row of the source. */
  readonly sourceRow: string
  /** Pairs of rows that match, and rows that match nothing: where they stand, and the position of the clause that applies, null for none. */
  readonly found: string
  readonly foundFile: string
  readonly foundRow: string
  readonly foundSource: string
  readonly clause: string
  /** New rows, where they are needed twice. */
  readonly written: string
}

export function changeRelations({ target, schema, source }: ParsedRowChange): ChangeRelations {
  const taken = new Set(
    [...schema.fields, ...(source?.schema.fields ?? [])]
      .map(({ name }) => name.toLowerCase())
      .concat(target.toLowerCase()),
  )
  if (source !== undefined) taken.add(source.name.toLowerCase())
  const fresh = (wanted: string): string => {
    let name = wanted
    while (taken.has(name)) name = `${name} `
    return quoteIdentifier(name)
  }
  return {
    target: quoteIdentifier(target),
    file: fresh('file of the row'),
    row: fresh('position of the row'),
    source: quoteIdentifier(source?.name ?? 'source'),
    sourceRow: fresh('position in the source'),
    found: fresh('rows found'),
    foundFile: fresh('file found'),
    foundRow: fresh('position found'),
    foundSource: fresh('source found'),
    clause: fresh('clause'),
    written: fresh('rows written'),
  }
}

/** One of these names as it is without quotes. */
export function unquoted(identifier: string): string {
  return identifier.slice(1, -1).replaceAll('""', '"')
}
