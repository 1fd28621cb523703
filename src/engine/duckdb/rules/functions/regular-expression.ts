/** What ends a line in Java, for `.` and `$`. */
const LINE_ENDS = String.raw`\n\r\x{85}\x{2028}\x{2029}`
const END = String.raw`(?:\r\n|[${LINE_ENDS}])?\z`
const CLASSES: { readonly [name: string]: string } = { d: '0-9', w: 'a-zA-Z_0-9', s: String.raw`\t\n\x0B\f\r ` }
const LITERAL = /^[^\\^$.|?*+()[\]{}]$/u
const QUANTIFIER = /^(?:[*+?]|\{\d{1,3}(?:,(?:\d{1,3})?)?\})\??/

/**
 * A regular expression of Java that is searched for in a text, as one of RE2 that finds it in the same texts; undefined where there is no such, or it is not certain. Known are characters,
 * classes, groups, alternatives, quantifiers, and `^` and `$`.
 */
export function regularExpression(java: string): string | undefined {
  let rest = java
  let re2 = ''
  let open = 0
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest)?.[0]
    if (found !== undefined) rest = rest.slice(found.length)
    return found
  }
  while (rest !== '') {
    const atom = take(/^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?:|[\s\S])/u) as string
    const same = atomOf(atom)
    if (same === undefined) return undefined
    if (atom.startsWith('(')) open++
    if (atom === ')' && --open < 0) return undefined
    re2 += same
    if (atom.startsWith('(') || atom === '|' || atom === '^' || atom === '$') continue
    re2 += take(QUANTIFIER) ?? ''
    // Possessive, or a quantifier of a quantifier.
    if (/^[*+?{]/.test(rest)) return undefined
  }
  return open === 0 ? re2 : undefined
}

function atomOf(atom: string): string | undefined {
  if (atom === '^') return String.raw`\A`
  if (atom === '$') return END
  if (atom === '.') return `[^${LINE_ENDS}]`
  if (atom === '(' || atom === '(?:' || atom === ')' || atom === '|') return atom === '(' ? '(?:' : atom
  if (atom.startsWith('[')) return classOf(atom.slice(1, -1))
  if (atom.startsWith('\\')) return escapeOf(atom.slice(1), (name) => `[${name}]`)
  return LITERAL.test(atom) ? atom : undefined
}

/** A class of single characters and ranges: no classes inside, no intersections. */
function classOf(content: string): string | undefined {
  const negated = content.startsWith('^')
  const items = (negated ? content.slice(1) : content).match(/\\[\s\S]|[\s\S]/gu) ?? []
  if (items.length === 0) return undefined
  const same = items.map((item) => {
    if (item.startsWith('\\')) return escapeOf(item.slice(1), (name) => name)
    return /^[[&^]$/.test(item) ? undefined : item
  })
  return same.includes(undefined) ? undefined : `[${negated ? '^' : ''}${same.join('')}]`
}

function escapeOf(character: string, wrap: (content: string) => string): string | undefined {
  const content = CLASSES[character]
  if (content !== undefined) return wrap(content)
  if (/^[tnrf]$/.test(character)) return `\\${character}`
  return /^[A-Za-z0-9]$/.test(character) ? undefined : `\\${character}`
}
