import { execFile } from 'node:child_process'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from './repository-root.js'

/**
 * A Python interpreter that has the other implementations of tests/peers/requirements.txt: one of a components folder
 * where there is one, else a virtual environment of our own under .cache/peers, made on first use (about a minute).
 */
export async function peerPython(): Promise<string> {
  const components = process.env.COMPONENTS_HOME ?? join(homedir(), '.cache', 'lakewright-components')
  if (await exists(join(components, '.peers.done'))) return join(components, 'peers', 'bin', 'python')
  const own = join(repositoryRoot, '.cache', 'peers')
  const python = join(own, 'bin', 'python')
  const finished = join(own, 'finished')
  if (await exists(finished)) return python
  await mkdir(own, { recursive: true })
  await run('python3', ['-m', 'venv', '--clear', own])
  await run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(repositoryRoot, 'tests/peers/requirements.txt')])
  await writeFile(finished, '')
  return python
}

const run = promisify(execFile)

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
