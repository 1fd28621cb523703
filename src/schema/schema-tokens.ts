import { DeltaError } from '../errors/delta-error.js'

/** A piece of a schema text: a bare word, a quoted name, a quoted string or a punctuation mark. */
export interface SchemaToken {
  readonly kind: 'word' | 'name' | 'string' | 'mark' | 'end'
  /** Without quotes; empty at the end. */
  readonly text: string
  /** Where it starts, counted in characters from 0. */
  readonly position: number
}

const TOKEN =
  /\s+|(?<word>[\p{L}\p{N}_]+)|`(?<backquoted>(?:[^`]|``)*)`|"(?<quoted>(?:[^"]|"")*)"|'(?<string>(?:[^']|'')*)'|(?<mark>[-+*/%=!|.<>()[\],:])/uy

/** Splits a schema text; the last token is the end. InvalidSchema with the position where it is none. */
export function schemaTokens(text: string): SchemaToken[] {
  const tokens: SchemaToken[] = []
  let position = 0
  while (position < text.length) {
    TOKEN.lastIndex = position
    const match = TOKEN.exec(text)
    if (match === null) throw schemaTextError(text, position, `Unexpected ${JSON.stringify(text[position])}`)
    const token = tokenOf(match.groups ?? {}, position)
    if (token !== undefined) tokens.push(token)
    position = TOKEN.lastIndex
  }
  return [...tokens, { kind: 'end', text: '', position }]
}

/** InvalidSchema that shows where in the text the problem is. */
export function schemaTextError(text: string, position: number, problem: string): DeltaError {
  const rest = text.slice(position, position + 30)
  const place = rest === '' ? 'at the end' : `at position ${position} (${JSON.stringify(rest)})`
  return new DeltaError(
    'InvalidSchema',
    `${problem} ${place} of the schema. Write columns as in: id BIGINT NOT NULL, at TIMESTAMP, tags ARRAY<STRING>.`,
    { details: { position } },
  )
}

function tokenOf(groups: { readonly [name: string]: string | undefined }, position: number): SchemaToken | undefined {
  const { word, backquoted, quoted, string, mark } = groups
  if (word !== undefined) return { kind: 'word', text: word, position }
  if (backquoted !== undefined) return { kind: 'name', text: backquoted.replaceAll('``', '`'), position }
  if (quoted !== undefined) return { kind: 'name', text: quoted.replaceAll('""', '"'), position }
  if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'"), position }
  if (mark !== undefined) return { kind: 'mark', text: mark, position }
  return undefined
}
