/**
 * JSON without loss: a bigint is a number with all its digits, a date ISO 8601, bytes are base64, a map is an object where its keys are text and a list of pairs
 * otherwise, NaN and the infinities are text.
 *
 * @param indent spaces a level; 0 gives one line
 */
export function jsonText(value: unknown, indent = 0): string {
  return write(value, indent, '')
}

function write(value: unknown, indent: number, margin: string): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString()
    case 'number':
      if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value)
      return `"${value}"`
    case 'object':
      return value === null ? 'null' : writeObject(value, indent, margin)
    default:
      return JSON.stringify(value) ?? 'null'
  }
}

function writeObject(value: object, indent: number, margin: string): string {
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (value instanceof Map) return writeMap(value, indent, margin)
  if (Array.isArray(value)) {
    return enclose('[', ']', value, indent, margin, (item, inner) => write(item, indent, inner))
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return writeMembers(members, indent, margin)
}

function writeMap(map: ReadonlyMap<unknown, unknown>, indent: number, margin: string): string {
  const entries = [...map]
  if (entries.every(([key]) => typeof key === 'string'))
    return writeMembers(entries as [string, unknown][], indent, margin)
  return enclose('[', ']', entries, indent, margin, (entry, inner) => write(entry, indent, inner))
}

function writeMembers(members: readonly [string, unknown][], indent: number, margin: string): string {
  const colon = indent === 0 ? ':' : ': '
  return enclose('{', '}', members, indent, margin, ([name, member], inner) => {
    return `${JSON.stringify(name)}${colon}${write(member, indent, inner)}`
  })
}

function enclose<T>(
  open: string,
  close: string,
  items: readonly T[],
  indent: number,
  margin: string,
  text: (item: T, margin: string) => string,
): string {
  if (items.length === 0) return open + close
  const inner = margin + ' '.repeat(indent)
  const parts = items.map((item) => text(item, inner))
  if (indent === 0) return `${open}${parts.join(',')}${close}`
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
}
