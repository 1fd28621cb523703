import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromArrays } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, files } from '../../../src/index.js'
import { newTableUrl } from './new-table-url.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'computed-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const SCHEMA = {
  type: 'struct' as const,
  fields: [
    {
      name: 'id',
      type: 'long',
      nullable: false,
      metadata: { 'delta.identity.start': 10, 'delta.identity.step': 5, 'delta.identity.allowExplicitInsert': true },
    },
    { name: 'at', type: 'timestamp', nullable: true, metadata: {} },
    { name: 'day', type: 'date', nullable: true, metadata: { 'delta.generationExpression': 'CAST(at AS DATE)' } },
    { name: 'kind', type: 'string', nullable: false, metadata: { CURRENT_DEFAULT: "'none'" } },
  ],
}
const AT = new Date('2026-01-31T23:30:00Z')

describe('computed columns', () => {
  it('rows that leave them out get their values, and nulls stay nulls', async () => {
    const table = await DeltaTable.create(newTableUrl(), { schema: SCHEMA })
    await table.append([{ at: AT }, { id: 99n, at: null, kind: 'x' }, { at: AT, day: '2026-01-31' }])
    await table.append([{}])
    expect(await table.rows()).toEqual([
      { id: 10n, at: AT, day: '2026-01-31', kind: 'none' },
      { id: 99n, at: null, day: null, kind: 'x' },
      { id: 15n, at: AT, day: '2026-01-31', kind: 'none' },
      { id: 20n, at: null, day: null, kind: 'none' },
    ])
  })

  it('Arrow data that leaves them out gets their values', async () => {
    const table = await DeltaTable.create(newTableUrl(), { schema: SCHEMA })
    await table.append(tableFromArrays({ at: [AT, AT] }))
    await table.append(tableFromArrays({ kind: ['a'] }))
    expect(await table.rows({ columns: ['id', 'day', 'kind'] })).toEqual([
      { id: 10n, day: '2026-01-31', kind: 'none' },
      { id: 15n, day: '2026-01-31', kind: 'none' },
      { id: 20n, day: null, kind: 'a' },
    ])
  })

  it('files that leave them out get their values', async () => {
    const table = await DeltaTable.create(newTableUrl(), { schema: SCHEMA, partitionBy: ['day'] })
    await writeFile(join(folder, 'a.csv'), 'at,kind\n2026-01-31T23:30:00Z,a\n2026-01-31T23:30:00Z,b\n')
    await writeFile(join(folder, 'b.ndjson'), '{"at": "2026-01-31T23:30:00Z"}\n{"at": null}\n')
    await table.append(files([join(folder, 'a.csv'), join(folder, 'b.ndjson')]))
    await table.append([{ kind: 'c' }])
    const rows = await table.rows({ columns: ['id', 'day', 'kind'] })
    expect(rows.sort((a, b) => Number((a.id as bigint) - (b.id as bigint)))).toEqual([
      { id: 10n, day: '2026-01-31', kind: 'a' },
      { id: 15n, day: '2026-01-31', kind: 'b' },
      { id: 20n, day: '2026-01-31', kind: 'none' },
      { id: 25n, day: null, kind: 'none' },
      { id: 30n, day: null, kind: 'c' },
    ])
  })

  it('a value of a generated column that does not agree is refused, from rows and from files', async () => {
    const table = await DeltaTable.create(newTableUrl(), { schema: SCHEMA })
    await expect(table.append([{ at: AT, day: '2026-02-01' }])).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'day', count: 1 },
    })
    const path = join(folder, 'wrong.csv')
    await writeFile(
      path,
      'at,day\n2026-01-31T23:30:00Z,2026-01-31\n2026-01-31T23:30:00Z,2026-02-01\n2026-01-31T23:30:00Z,2026-02-02\n',
    )
    await expect(table.append(files(path))).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'day', count: 2, path, line: 3, row: { day: '2026-02-01' } },
    })
  })
})
