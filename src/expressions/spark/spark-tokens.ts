import { sparkSqlError } from './spark-sql-error.js'

/** A piece of Spark SQL. A `name` stood in backquotes; a `word` is a bare name or a keyword. */
export interface SparkToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'mark' | 'end'
  /** Without quotes, escapes resolved; empty at the end. */
  readonly text: string
  /** Where it starts, counted in characters from 0. */
  readonly position: number
}

const TOKEN =
  /(?:\s|--[^\n]*(?:\n|$)|\/\*[^+][\s\S]*?\*\/)+|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:BD|[LSYDF])?(?![\p{L}\p{N}_]))|(?<word>[\p{L}\p{N}_]+)|`(?<name>(?:[^`]|``)*)`|(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<mark><=>|<>|!=|<=|>=|==|\|\||[-+*/%<>=(),.[\]!])/iuy

/** Splits an expression; the last token is the end. InvalidArgument with the position where it is none. */
export function sparkTokens(text: string): SparkToken[] {
  const tokens: SparkToken[] = []
  let position = 0
  while (position < text.length) {
    TOKEN.lastIndex = position
    const match = TOKEN.exec(text)
    if (match === null) throw sparkSqlError(text, position, `Unexpected ${JSON.stringify(text[position])}`)
    const found = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined)
    if (found !== undefined) tokens.push(tokenOf(found[0], found[1] as string, position, text))
    position = TOKEN.lastIndex
  }
  return [...tokens, { kind: 'end', text: '', position }]
}

function tokenOf(kind: string, raw: string, position: number, text: string): SparkToken {
  switch (kind) {
    case 'name':
      return { kind, text: raw.replaceAll('``', '`'), position }
    case 'string': {
      // Settings of Spark say whether neighbours are joined or mean a quote.
      const next = text[position + raw.length]
      if (next === "'" || next === '"') throw sparkSqlError(text, position, 'A quote that is written twice')
      return { kind, text: unescaped(raw.slice(1, -1)), position }
    }
    default:
      return { kind: kind as SparkToken['kind'], text: raw, position }
  }
}

const ESCAPES: { readonly [character: string]: string } = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // Kept for LIKE.
  '%': '\\%',
  _: '\\_',
}

/** Backslashes in text literals, as Spark's parser resolves them. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[\s\S])/g, (_, code: string) => {
    if (/^[uU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
    if (/^\d{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    return ESCAPES[code] ?? code
  })
}
