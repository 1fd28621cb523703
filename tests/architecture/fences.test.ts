import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: readonly { readonly name: string }[]
}

/** One file each that breaks the rule of the same name; the import of `above` is what a folder may not reach. */
const planted: Readonly<Record<string, { readonly file: string; readonly source: string }>> = {
  ...Object.fromEntries(
    Object.entries({
      errors: '../runtime/clock.js',
      runtime: '../schema/scalar.js',
      schema: '../expressions/predicate.js',
      expressions: '../protocol/actions/action.js',
      protocol: '../storage/object-store.js',
      storage: '../arrow/planted-neighbour.js',
      arrow: '../parquet/parquet-file.js',
      parquet: '../log/commit-outcome.js',
      log: '../snapshot/snapshot.js',
      snapshot: '../scan/scan-plan.js',
      scan: '../transaction/transaction.js',
      'data-files': '../transaction/transaction.js',
      transaction: '../data-files/write-target.js',
      engine: '../operations/planted-neighbour.js',
      operations: '../table/planted-neighbour.js',
      table: '../../cli/planted-neighbour.js',
    }).map(([folder, above]) => [
      `${folder}-looks-up`,
      { file: `src/${folder}/planted-${folder}.ts`, source: `import type {} from '${above}'` },
    ]),
  ),
  'folder-without-a-rank': {
    file: 'src/table/planted-unranked.ts',
    source: "import type {} from '../misc/planted-neighbour.js'",
  },
  'no-circular': { file: 'src/schema/planted-circle.ts', source: "import type {} from './planted-far-side.js'" },
  'operations-are-strangers': {
    file: 'src/operations/planted-verb.ts',
    source: "import type {} from './planted-neighbour.js'",
  },
  'cli-uses-the-public-door': {
    file: 'cli/planted-shortcut.ts',
    source: "import type {} from '../src/errors/delta-error.js'",
  },
  'src-never-imports-its-own-index': {
    file: 'src/table/planted-index.ts',
    source: "import type {} from '../index.js'",
  },
  'product-never-imports-tests': {
    file: 'src/table/planted-test.ts',
    source: "import type {} from '../../tests/planted-neighbour.js'",
  },
  unresolvable: { file: 'src/table/planted-nowhere.ts', source: "import type {} from './planted-nothing.js'" },
  'commander-in-cli': { file: 'src/table/planted-commander.ts', source: "import type {} from 'commander'" },
  'aws-in-storage': { file: 'cli/planted-aws.ts', source: "import type {} from '@aws-sdk/client-s3'" },
  'parquet-codecs-in-parquet': {
    file: 'src/data-files/planted-codec.ts',
    source: "export const lazy = () => import('parquet-wasm')",
  },
  'duckdb-in-engine': {
    file: 'src/engine/planted-duckdb.ts',
    source: "export const lazy = () => import('@duckdb/node-api')",
  },
  'arrow-from-arrow-up': { file: 'src/protocol/planted-arrow.ts', source: "import type {} from 'apache-arrow'" },
  'zod-at-the-edges': { file: 'src/snapshot/planted-zod.ts', source: "import type {} from 'zod'" },
  'uuid-in-protocol': { file: 'src/transaction/planted-uuid.ts', source: "import type {} from 'uuid'" },
  'node-modules-of-the-platform': { file: 'src/log/planted-node.ts', source: "import type {} from 'node:fs'" },
}

const neighbours: Readonly<Record<string, string>> = {
  'src/index.ts': '',
  'src/arrow/planted-neighbour.ts': '',
  'src/operations/planted-neighbour.ts': '',
  'src/table/planted-neighbour.ts': '',
  'src/misc/planted-neighbour.ts': '',
  'src/schema/planted-far-side.ts': "import type {} from './planted-circle.js'",
  'cli/planted-neighbour.ts': '',
  'tests/planted-neighbour.ts': '',
}

describe('the ranks and fences between the folders', () => {
  const copies: string[] = []
  let report = ''

  beforeAll(async () => {
    const copy = await copyOfTheProduct()
    for (const folder of ['src', 'cli']) await cp(join(root, folder), join(copy, folder), { recursive: true })
    for (const [file, source] of Object.entries(neighbours)) await plant(copy, file, source)
    for (const { file, source } of Object.values(planted)) await plant(copy, file, source)
    const { code, text } = await checkRanks(copy)
    expect(code).toBe(1)
    report = text
  }, 120_000)

  afterAll(() => Promise.all(copies.map((copy) => rm(copy, { recursive: true, force: true }))))

  it('have a planted violation each', () => {
    expect(Object.keys(planted).sort()).toEqual(forbidden.map(({ name }) => name).sort())
  })

  it.each(Object.entries(planted))('%s is reported', (rule, { file }) => {
    expect(report.split('\n').filter((line) => line.startsWith(`${rule}: `) && line.includes(file))).toHaveLength(1)
  })

  it('cannot pass by reading nothing', async () => {
    const copy = await copyOfTheProduct()
    await mkdir(join(copy, 'src'))
    await mkdir(join(copy, 'cli'))
    await plant(copy, 'tests/planted-neighbour.ts', '')
    const { code, text } = await checkRanks(copy)
    expect(text).toContain('0 of src')
    expect(code).toBe(1)
  }, 120_000)

  async function copyOfTheProduct(): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'lakewright-fences-'))
    copies.push(copy)
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json', '.ci']) {
      await cp(join(root, file), join(copy, file), { recursive: true })
    }
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
    return copy
  }
})

async function plant(copy: string, file: string, source: string): Promise<void> {
  await mkdir(dirname(join(copy, file)), { recursive: true })
  await writeFile(join(copy, file), source === '' ? 'export {}\n' : `${source}\nexport {}\n`)
}

function checkRanks(copy: string): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(copy, '.ci', 'check-ranks.mjs'), copy], { cwd: copy }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: `${stdout}\n${stderr}` })
    })
  })
}
