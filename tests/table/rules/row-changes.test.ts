import { describe, expect, it } from 'vitest'
import { DeltaTable, sql } from '../../../src/index.js'
import { newTableUrl } from './new-table-url.js'

const SCHEMA =
  "id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY, n INT, double INT GENERATED ALWAYS AS (n * 2), kind STRING NOT NULL DEFAULT 'none'"

describe.each([
  ['with deletion vectors', { 'delta.enableDeletionVectors': 'true' }],
  ['with a change data feed', { 'delta.enableChangeDataFeed': 'true' }],
  ['without', {}],
])('rows that change, %s', (_, properties) => {
  async function filled(): Promise<DeltaTable> {
    const table = await DeltaTable.create(newTableUrl(), {
      schema: SCHEMA,
      constraints: { small: 'n < 100' },
      properties,
    })
    await table.append([{ n: 1 }, { n: 2, kind: 'a' }, { n: 3 }])
    return table
  }

  it('get generated columns anew, and keep their numbers', async () => {
    const table = await filled()
    await table.update({ set: { n: 20 }, where: 'id = 2' })
    await table.update({ set: { kind: 'b' }, where: 'n = 3' })
    expect(await sorted(table)).toEqual([
      { id: 1n, n: 1, double: 2, kind: 'none' },
      { id: 2n, n: 20, double: 40, kind: 'a' },
      { id: 3n, n: 3, double: 6, kind: 'b' },
    ])
  })

  it('must fulfil constraints', async () => {
    const table = await filled()
    await expect(table.update({ set: { n: 100 }, where: 'n > 1' })).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'small', count: 2, row: { n: '100' } },
    })
    await expect(table.update({ set: { double: 7 } })).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'double' },
    })
    await expect(table.update({ set: { id: 7n } })).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect((await table.refresh()).version).toBe(1)
  })

  it('are computed when they are merged', async () => {
    const table = await filled()
    await table
      .merge([{ n: 3 }, { n: 4 }, { n: 5 }], 'target.n = source.n')
      .whenMatchedUpdate({ set: { kind: 'merged' } })
      .whenNotMatchedInsert({ values: { n: sql('source.n') } })
      .execute()
    await table.append([{ n: 6 }])
    const rows = await sorted(table)
    expect(rows.map(({ id }) => id)).toEqual([1n, 2n, 3n, 4n, 5n, 6n])
    expect(rows.map(({ n, double, kind }) => `${n} ${double} ${kind}`).sort()).toEqual([
      '1 2 none',
      '2 4 a',
      '3 6 merged',
      '4 8 none',
      '5 10 none',
      '6 12 none',
    ])
  })
})

async function sorted(table: DeltaTable): Promise<{ readonly [name: string]: unknown }[]> {
  return (await table.rows()).sort((a, b) => Number((a.id as bigint) - (b.id as bigint)))
}
