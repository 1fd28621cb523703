import { readdir, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The files of the local disk that a path or pattern names, in the order of their names. A file that has the very name is taken as it is, whatever
 * characters are in it. In a pattern `*` and `?` stand for what is inside one segment, `**` for any number of folders, `[ab]` for one of some characters,
 * `{a,b}` for one of some texts. Names that begin with a dot are matched only by a dot.
 *
 * @param pattern relative to the working directory, absolute, or a `file:` URL
 */
export async function matchFiles(pattern: string): Promise<string[]> {
  const path = /^file:\/\//i.test(pattern) ? fileURLToPath(pattern) : pattern
  if (await isFile(path)) return [path]
  const segments = path.split(sep === '/' ? '/' : /[\\/]/)
  const first = segments.findIndex((segment) => /[*?[{]/.test(segment))
  if (first < 0) return []
  const root = first === 0 ? '' : segments.slice(0, first).join(sep) || sep
  return walk(root, segments.slice(first))
}

async function walk(folder: string, [segment, ...rest]: readonly string[]): Promise<string[]> {
  if (segment === undefined) return []
  const entries = (await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => [])).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  if (segment === '**') {
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    const deeper = await Promise.all(below.map((entry) => walk(join(folder, entry.name), [segment, ...rest])))
    return [...(await walk(folder, rest)), ...deeper.flat()]
  }
  const matches = matcher(segment)
  const found: string[] = []
  for (const { name } of entries) {
    if (!matches(name)) continue
    const path = join(folder, name)
    if (rest.length > 0) found.push(...(await walk(path, rest)))
    else if (await isFile(path)) found.push(path)
  }
  return found
}

function matcher(segment: string): (name: string) => boolean {
  const source = segment.replace(/\[!?[^\]]+\]|\{[^}]+\}|[\s\S]/g, (token) => {
    if (token === '*') return '.*'
    if (token === '?') return '.'
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    if (token.length > 2 && token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(escaped).join('|')})`
    return escaped(token)
  })
  const expression = new RegExp(`^${source}$`, 'su')
  return (name) => (segment.startsWith('.') || !name.startsWith('.')) && expression.test(name)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    // A pipe such as /dev/stdin is read like a file.
    (found) => !found.isDirectory(),
    () => false,
  )
}
