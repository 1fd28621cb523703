import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DeltaTable, files } from '../../../src/index.js'
import { repositoryRoot } from '../../support/repository-root.js'
import { newTableUrl } from './new-table-url.js'

describe('CHECK constraints', () => {
  it('rows that fulfil them are written', async () => {
    const table = await constrained()
    await table.append([
      { id: 1n, amount: 5 },
      { id: 2n, amount: 7 },
    ])
    expect(await table.rows()).toEqual([
      { id: 1n, amount: 5, note: null },
      { id: 2n, amount: 7, note: null },
    ])
  })

  it('a row that breaks one is refused with the constraint, the first such row and the count', async () => {
    const table = await constrained()
    const rows = [
      { id: 1n, amount: 5 },
      { id: 2n, amount: -1, note: 'x'.repeat(300) },
      { id: 3n, amount: null },
    ]
    const appended = table.append(rows)
    await expect(appended).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: {
        constraint: 'positive',
        expression: 'amount > 0',
        count: 2,
        rowNumber: 1,
        row: { id: '2', amount: '-1', note: `${'x'.repeat(200)}...` },
      },
    })
    await expect(appended).rejects.toThrow(/2 rows break the CHECK constraint positive: amount > 0/)
    expect((await table.refresh()).version).toBe(0)
  })

  it('see NaN in files whose statistics leave it out', async () => {
    const path = join(repositoryRoot, 'fixtures', 'parquet', 'nan-in-no-statistics.parquet')
    const table = await DeltaTable.create(newTableUrl(), { schema: 'f DOUBLE', constraints: { small: 'f <= 7' } })
    await expect(table.append(files(path))).rejects.toMatchObject({
      code: 'ConstraintViolated',
      details: { constraint: 'small', count: 1, path },
    })
  })
})

function constrained(): Promise<DeltaTable> {
  return DeltaTable.create(newTableUrl(), {
    schema: 'id BIGINT NOT NULL, amount INT, note STRING',
    properties: { 'delta.constraints.positive': 'amount > 0' },
  })
}
