import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocal } from '../table/places.js'
import { commandLine } from './command-line.js'

let place: Awaited<ReturnType<typeof openLocal>>
let table: string
beforeAll(async () => {
  place = await openLocal()
  table = place.url()
  const csv = join(place.folder, 'first.csv')
  await writeFile(
    csv,
    `id,kind,"the price"\n${Array.from({ length: 100 }, (_, i) => `${i},k${i % 3},${i}.5`).join('\n')}\n`,
  )
  const schema = 'id BIGINT, kind STRING, `the price` DOUBLE'
  const properties = ['--property', 'delta.enableDeletionVectors=true', '--property', 'delta.columnMapping.mode=name']
  await run('create', table, '--schema', schema, ...properties)
  await run('append', table, csv)
})
afterAll(() => place.close())

async function run(...args: string[]): Promise<unknown> {
  const { code, stderr, json } = await commandLine([...args, '--json'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return json()
}

async function count(where: string): Promise<number> {
  return ((await run('read', table, '--where', where)) as unknown[]).length
}

describe('the command line', () => {
  it('says what a delete would do, and does it', async () => {
    const { code, stdout } = await commandLine(['delete', table, '--where', "kind = 'k1'", '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('nothing was done')
    expect(stdout).toMatch(/files given a deletion vector +1/)
    expect(stdout).toMatch(/rows deleted +33/)
    expect(await run('delete', table, '--where', "kind = 'k1'")).toMatchObject({ metrics: { numDeletedRows: 33 } })
    expect(await count("kind = 'k1'")).toBe(0)
  })

  it('deletes all rows only if told to', async () => {
    const { code, stderr } = await commandLine(['delete', table])
    expect(code).toBe(3)
    expect(stderr).toContain('--all')
  })

  it('sets columns', async () => {
    const set = ['--set', '"the price"="the price" * 2', '--set', "kind=upper(kind) || 'x=y,z'"]
    expect(await run('update', table, ...set, '--where', 'id IN (0, 2)')).toMatchObject({
      metrics: { numUpdatedRows: 2 },
    })
    expect(await count(`kind IN ('K0x=y,z', 'K2x=y,z') AND "the price" IN (1, 5)`)).toBe(2)
  })

  it('merges files, with clauses in their order', async () => {
    const source = join(place.folder, 'source.ndjson')
    await writeFile(source, '{"id":3,"kind":"gone"}\n{"id":5,"kind":"new"}\n{"id":500,"kind":"more"}\n')
    const result = await run(
      'merge',
      table,
      source,
      '--on',
      'target.id = source.id',
      '--when-matched-delete',
      '--if',
      "source.kind = 'gone'",
      '--when-matched-update',
      'kind=source.kind, "the price"=greatest(target."the price", 1)',
      '--when-not-matched-insert',
      'all',
      '--when-not-matched-by-source-delete',
      'id > 90',
    )
    expect(result).toMatchObject({
      metrics: { numTargetRowsDeleted: 7, numTargetRowsUpdated: 1, numTargetRowsInserted: 1, numSourceRows: 3 },
    })
    expect(await count("id IN (5, 500) AND kind IN ('new', 'more')")).toBe(2)
  })

  it('purges what deletion vectors hide', async () => {
    expect(await run('purge', table)).toMatchObject({ operation: 'REORG', metrics: { numDeletionVectorsRemoved: 1 } })
    expect(await run('purge', table)).toMatchObject({ skipped: true })
  })
})
