import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { repositoryRoot } from '../support/repository-root.js'

const BUILD = join(repositoryRoot, '.cache', 'processes', 'build')

/** The sources that a program of its own needs. */
const SOURCES = ['src', 'tests/processes', 'tests/support']

/**
 * Translates what child processes run to JavaScript, without a look at types, and only what changed since the last time.
 *
 * @param program a file of tests/processes, without its ending
 * @returns the path of the program
 */
export async function buildProgram(program: string): Promise<string> {
  for (const folder of SOURCES) {
    const names = await readdir(join(repositoryRoot, folder), { recursive: true })
    await Promise.all(names.filter((name) => /(?<!\.d)\.ts$/.test(name)).map((name) => translate(join(folder, name))))
  }
  return join(BUILD, 'tests', 'processes', `${program}.js`)
}

async function translate(file: string): Promise<void> {
  const source = join(repositoryRoot, file)
  const output = join(BUILD, file.replace(/\.ts$/, '.js'))
  if ((await modified(output)) > (await modified(source))) return
  const { outputText } = ts.transpileModule(await readFile(source, 'utf8'), {
    fileName: source,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  })
  await mkdir(dirname(output), { recursive: true })
  await writeFile(output, outputText)
}

async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}
