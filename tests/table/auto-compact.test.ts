import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DeltaTable, long, string, struct } from '../../src/index.js'
import { openLocal } from './places.js'

const Row = struct({ id: long().notNull(), p: string() })
const properties = { 'delta.autoOptimize.autoCompact': 'true', 'delta.checkpointInterval': '1000' }

async function appendOneByOne(table: DeltaTable<typeof Row.Row>, count: number, p = 'a'): Promise<void> {
  for (let i = 0; i < count; i++) await table.append([{ id: BigInt(i), p }])
}

it('a table that asks for it gets its small files merged, in the partition that was written to, once there are fifty', async () => {
  const table = await DeltaTable.create('memory://auto-compact/a', { schema: Row, partitionBy: ['p'], properties })
  await appendOneByOne(table, 3, 'b')
  await appendOneByOne(table, 49)
  expect(table.version).toBe(52)
  const result = await table.append([{ id: 49n, p: 'a' }])
  expect(result).toMatchObject({ version: 53, operation: 'WRITE', metrics: { numOutputRows: 1 } })
  expect(table.version).toBe(54)
  const [entry] = await table.history({ limit: 1 })
  expect(entry).toMatchObject({ operation: 'OPTIMIZE', operationParameters: { auto: 'true' } })
  expect((await table.detail()).numFiles).toBe(4)
  expect(await table.rows()).toHaveLength(53)
})

it('an auto-compaction that fails is a warning, and the write has succeeded, whatever who is told of it throws', async () => {
  const place = await openLocal()
  const warnings: string[] = []
  const table = await DeltaTable.create(place.url(), {
    schema: Row,
    properties,
    observer: {
      on(event) {
        if (event.type === 'warning') warnings.push(event.message)
        throw new Error('a defect of the observer')
      },
    },
  })
  await appendOneByOne(table, 49)
  const folder = new URL(table.url).pathname
  const files = (await readdir(decodeURIComponent(folder))).filter((name) => name.endsWith('.parquet'))
  await rm(join(decodeURIComponent(folder), files[0] as string))
  expect(await table.append([{ id: 49n, p: 'a' }])).toMatchObject({ version: 50 })
  expect(table.version).toBe(50)
  expect(warnings).toEqual([expect.stringMatching(/^Version 50 of .* was committed, but its auto-compaction failed: /)])
  await place.close()
})
