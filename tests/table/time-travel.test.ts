import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, Lake, long, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Number_ = struct({ n: long() })

describe('time travel', () => {
  let place: Place & { readonly folder: string }
  let table: DeltaTable<typeof Number_.Row>
  const numbers = async (view: DeltaTable<typeof Number_.Row>): Promise<number[]> =>
    (await view.rows()).map(({ n }) => Number(n)).sort()

  beforeAll(async () => {
    place = await openLocal()
    const url = place.url()
    table = await DeltaTable.create(url, { schema: Number_ })
    for (const n of [1n, 2n, 3n]) await table.append([{ n }])
    // Version v was committed at v o'clock.
    for (let version = 0; version <= 3; version++) {
      const time = new Date(Date.UTC(2026, 0, 1, version))
      await utimes(join(url, '_delta_log', `${String(version).padStart(20, '0')}.json`), time, time)
    }
    table = await DeltaTable.open(url, { schema: Number_ })
  })
  afterAll(() => place.close())

  it('shows each version', async () => {
    expect(await numbers(await table.at({ version: 0 }))).toEqual([])
    expect(await numbers(await table.at({ version: 2 }))).toEqual([1, 2])
    expect(await table.rows({ version: 1 })).toEqual([{ n: 1n }])
  })

  it.each([
    ['2026-01-01T02:00:00Z', 2],
    ['2026-01-01T02:59:59.999Z', 2],
    ['2026-01-01T03:30:00+01:00', 2],
    [new Date('2026-01-01T01:00:00Z'), 1],
    ['2026-01-01T03:00:00Z', 3],
  ])('shows the version of the instant %s', async (timestamp, version) => {
    const view = await DeltaTable.open(table.url, { timestamp })
    expect(view.version).toBe(version)
  })

  it.each([
    ['a version in the future', { version: 4 }, 'Versions 0 to 3'],
    ['an instant before the table was', { timestamp: '2025-12-31T23:59:59Z' }, 'version 0 of 2026-01-01T00:00:00.000Z'],
  ])('refuses %s, naming what there is', async (_, wanted, range) => {
    await expect(table.at(wanted)).rejects.toMatchObject({
      code: 'VersionNotFound',
      message: expect.stringContaining(range),
    })
  })

  it.each([
    ['a negative version', { version: -1 }],
    ['a fraction of a version', { version: 1.5 }],
    ['both', { version: 1, timestamp: '2026-01-01T02:00:00Z' }],
    ['neither', {}],
    ['a text that is no time', { timestamp: 'yesterday' }],
  ])('refuses %s', async (_, wanted) => {
    await expect(table.at(wanted)).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('keeps a handle at its version until it is refreshed', async () => {
    const [held, view] = [await DeltaTable.open(table.url), await DeltaTable.open(table.url, { version: 3 })]
    await (await DeltaTable.open(table.url, { schema: Number_ })).append([{ n: 4n }])
    expect(await held.rows()).toHaveLength(3)
    expect(await (await held.refresh()).rows()).toHaveLength(4)
    expect((await view.refresh()).version).toBe(3)
    expect((await view.history()).map(({ version }) => version)).toEqual([3, 2, 1, 0])
    expect((await held.history({ limit: 2 })).map(({ version }) => version)).toEqual([4, 3])
  })

  it('joins versions in one query', async () => {
    await using lake = new Lake()
    const result = await lake.query('SELECT n FROM new ANTI JOIN old USING (n)', {
      tables: { old: await table.at({ version: 2 }), new: await table.at({ version: 3 }) },
    })
    expect(await result.rows()).toEqual([{ n: 3n }])
  })
})
