import { InvalidArgumentError } from 'commander'
import { type SqlExpression, sql } from '../../src/index.js'

/** New values by column. */
export type Assignments = Readonly<Record<string, SqlExpression>>

/** `COLUMN=EXPR`, again and again: collects into one object. */
export function collectAssignment(text: string, previous: Assignments = {}): Assignments {
  return { ...previous, ...assignment(text) }
}

/** `COLUMN=EXPR,COLUMN=EXPR`: commas inside brackets and quotes belong to expressions. */
export function assignments(text: string): Assignments {
  return Object.assign({}, ...splitAtCommas(text).map(assignment))
}

/** A name with an equals sign in it stands in backquotes or double quotes. */
function assignment(text: string): Assignments {
  const match = /^\s*(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([^=]+?))\s*=(?!=)\s*(.+)$/s.exec(text)
  const [, back, double, plain, expression] = match ?? []
  const column = back?.replaceAll('``', '`') ?? double?.replaceAll('""', '"') ?? plain
  if (column === undefined || expression === undefined) throw new InvalidArgumentError('It must be COLUMN=EXPR.')
  return { [column]: sql(expression) }
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|./gs)) {
    if ('([{'.includes(token)) depth++
    if (')]}'.includes(token)) depth--
    if (token === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}
