import { expect, it } from 'vitest'
import { DeltaTable, long, struct } from '../../src/index.js'
import { sharedLimits } from '../../src/operations/operation/commit-limits.js'
import { openMemory } from './places.js'

const Item = struct({ id: long() })

/** A handle that does not know of the newest version yet, so that its first try is lost. */
async function behind(): Promise<DeltaTable<typeof Item.Row>> {
  const place = await openMemory()
  const table = await DeltaTable.create(place.url(), { schema: Item })
  await (await DeltaTable.open(table.url)).append([{ id: 1n }])
  return table
}

it('a write gives up after as many tries as it is given, with nothing written', async () => {
  const table = await behind()
  await expect(table.append([{ id: 2n }], { maxCommitAttempts: 1 })).rejects.toMatchObject({
    code: 'TooManyCommitAttempts',
    details: { attempts: 1 },
  })
  await expect(table.append([{ id: 2n }], { commitTimeoutMs: 0 })).rejects.toMatchObject({
    code: 'TooManyCommitAttempts',
  })
  expect(await (await DeltaTable.open(table.url)).rows()).toEqual([{ id: 1n }])
  expect(await table.append([{ id: 2n }], { maxCommitAttempts: 2 })).toMatchObject({ version: 2 })
})

it.each([
  [[{ maxCommitAttempts: 1 }, { maxCommitAttempts: 5 }], { maxCommitAttempts: 5, commitTimeoutMs: undefined }],
  [[{ commitTimeoutMs: 9, maxCommitAttempts: 1 }, { commitTimeoutMs: 3 }], { commitTimeoutMs: 9 }],
  [[{ maxCommitAttempts: 1, commitTimeoutMs: 1 }, {}], {}],
])('callers that share a commit have the limits of the most patient: %o', (callers, limits) => {
  expect(sharedLimits(callers)).toEqual(limits)
})

it.each([
  { maxCommitAttempts: 0 },
  { maxCommitAttempts: 1.5 },
  { commitTimeoutMs: -1 },
  { commitTimeoutMs: Number.NaN },
])('refuses limits that no try fits in: %o', async (limits) => {
  const table = await behind()
  await expect(table.append([{ id: 2n }], limits)).rejects.toMatchObject({ code: 'InvalidArgument' })
  expect(await (await DeltaTable.open(table.url)).rows()).toHaveLength(1)
})
