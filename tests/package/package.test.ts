import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../support/repository-root.js'
import { loadedPackages } from './loaded-packages.js'
import { type ConsumerProject, packedPackage } from './packed-package.js'

const run = promisify(execFile)

/** What costs tens of milliseconds to load, and is loaded when it is first used. */
const heavy = ['@aws-sdk/client-s3', '@duckdb/node-api', 'apache-arrow', 'hyparquet', 'parquet-wasm']

const consumer = `
import { col, DeltaTable, isDeltaError, long, string, struct } from 'lakewright'

const Event = struct({ id: long().notNull(), kind: string() })
const table = await DeltaTable.create('events', { schema: Event, partitionBy: ['kind'] })
await table.append([{ id: 1n, kind: 'a' }, { id: 2n, kind: null }])
await table.append([{ id: 3n, kind: 'a' }])
const ids: bigint[] = []
for (const row of await table.rows({ where: col('kind').eq('a') })) ids.push(row.id)
const failure: unknown = await DeltaTable.open('nowhere').catch((error: unknown) => error)
console.log(JSON.stringify({ ids: ids.map(Number), failure: isDeltaError(failure) ? failure.code : undefined }))
`

describe('the packed package', () => {
  let project: ConsumerProject
  let main: string

  beforeAll(async () => {
    project = await packedPackage()
    main = join(project.installed, 'dist', 'cli', 'main.js')
    await writeFile(join(project.folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(project.folder, 'consumer.ts'), consumer)
    await writeFile(join(project.folder, 'import-only.js'), "import 'lakewright'")
    await writeFile(
      join(project.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: strictest, files: ['consumer.ts'] }),
    )
  }, 120_000)

  afterAll(async () => {
    await rm(dirname(project.folder), { recursive: true, force: true })
  })

  it('compiles and runs in a project that uses it', async () => {
    const typescript = join(repositoryRoot, 'node_modules/typescript/bin/tsc')
    const errors = await run(process.execPath, [typescript], { cwd: project.folder }).then(
      () => '',
      (failure: { stdout: string }) => failure.stdout,
    )
    expect(errors).toBe('')
    const { stdout } = await run(process.execPath, ['consumer.js'], { cwd: project.folder })
    expect(JSON.parse(stdout)).toEqual({ ids: [1, 3], failure: 'TableNotFound' })
  })

  it('loads nothing heavy when it is imported', async () => {
    const loaded = await loadedPackages(project.folder, 'import-only.js')
    expect(loaded).toContain('lakewright')
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([])
  })

  it('loads nothing heavy to print the history of a table', async () => {
    await run(process.execPath, [main, 'create', 'plain', '--schema', 'id BIGINT'], { cwd: project.folder })
    const loaded = await loadedPackages(project.folder, main, ['history', 'plain', '--json'])
    expect(loaded).toContain('commander')
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([])
  })

  it('has a command line that says its version', async () => {
    const { stdout } = await run(process.execPath, [main, '--version'], { cwd: project.folder })
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

const strictest = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable', 'dom'],
  types: ['node'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
}
