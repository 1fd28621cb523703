import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const hooks = `
import { writeSync } from 'node:fs'
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context)
  writeSync(2, 'RESOLVED ' + resolved.url + '\\n')
  return resolved
}`

const register = `
import { register } from 'node:module'
register(${JSON.stringify(dataUrl(hooks))})`

/** The packages of node_modules that a script loads, statically or not, when it runs with these arguments. */
export async function loadedPackages(folder: string, script: string, args: readonly string[] = []): Promise<string[]> {
  const node = ['--import', dataUrl(register), script, ...args]
  const { stderr } = await promisify(execFile)(process.execPath, node, { cwd: folder })
  const names = stderr
    .split('\n')
    .map((line) => /^RESOLVED file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(line)?.[1])
    .filter((name) => name !== undefined)
  return [...new Set(names)].sort()
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}
