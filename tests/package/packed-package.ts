import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from '../support/repository-root.js'

const run = promisify(execFile)

/** A project that has the packed package in its node_modules, as `npm install lakewright` leaves it. */
export interface ConsumerProject {
  readonly folder: string
  /** The unpacked package. */
  readonly installed: string
}

/** Builds, packs and installs the package into a project in a temporary folder; the repository's dist/ is not touched. */
export async function packedPackage(): Promise<ConsumerProject> {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-package-'))
  const source = join(folder, 'source')
  await mkdir(source)
  for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    await cp(join(repositoryRoot, file), join(source, file))
  }
  const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [
    tsc,
    '-p',
    join(repositoryRoot, 'tsconfig.build.json'),
    '--outDir',
    join(source, 'dist'),
  ])
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: source })
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) as string

  const project = join(folder, 'project')
  const installed = join(project, 'node_modules', 'lakewright')
  await mkdir(installed, { recursive: true })
  await run('tar', ['xzf', join(folder, archive), '-C', installed, '--strip-components=1'])
  await linkDependencies(join(project, 'node_modules'))
  return { folder: project, installed }
}

/** What the package depends on comes from the repository: the same versions, and nothing to download. */
async function linkDependencies(modules: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(repositoryRoot, 'node_modules', name), join(modules, name))
  }
}
