import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { col, DeltaTable, integer, long, string, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Event = struct({ id: long(), kind: string(), n: integer() })

describe('optimize', () => {
  let place: Place
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  async function fragmented(): Promise<DeltaTable<typeof Event.Row>> {
    const table = await DeltaTable.create(place.url(), { schema: Event, partitionBy: ['kind'] })
    for (let i = 0; i < 4; i++) {
      await table.append([
        { id: BigInt(i), kind: 'a', n: i },
        { id: BigInt(10 + i), kind: null, n: null },
      ])
    }
    return table
  }
  const sorted = async (table: DeltaTable<typeof Event.Row>): Promise<(typeof Event.Row)[]> =>
    (await table.rows()).sort((a, b) => Number(a.id) - Number(b.id))

  it('merges the files of each partition and keeps every row', async () => {
    const table = await fragmented()
    const before = await sorted(table)
    const result = await table.optimize()
    expect(result).toMatchObject({
      version: 5,
      operation: 'OPTIMIZE',
      metrics: { numAddedFiles: 2, numRemovedFiles: 8, numDeletionVectorsRemoved: 0 },
    })
    expect(result.metrics.minFileSize).toBeGreaterThan(0)
    expect(await sorted(table)).toEqual(before)
    expect(await sorted(await DeltaTable.open(table.url, { schema: Event }))).toEqual(before)
    expect((await table.files()).counts.total).toBe(2)
  })

  it('that another one was faster than leaves no file behind', async () => {
    const { url } = await fragmented()
    const handles = await Promise.all([1, 2].map(() => DeltaTable.open(url)))
    const outcomes = await Promise.allSettled(handles.map((handle) => handle.optimize()))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const stored = (await readdir(fileURLToPath(url), { recursive: true })).filter((name) => name.endsWith('.parquet'))
    expect(stored).toHaveLength(8 + 2)
  })

  it('finds nothing more to do the second time', async () => {
    const table = await fragmented()
    await table.optimize()
    expect(await table.optimize()).toMatchObject({ version: 5, skipped: true })
  })

  it.each([
    ['SQL', "kind = 'a'"],
    ['built', col('kind').eq('a')],
  ])('keeps to the partitions that are named (%s)', async (_, where) => {
    const table = await fragmented()
    expect(await table.optimize({ where })).toMatchObject({ metrics: { numAddedFiles: 1, numRemovedFiles: 4 } })
  })

  it('refuses a condition on other columns', async () => {
    const table = await fragmented()
    await expect(table.optimize({ where: col('n').eq(1) })).rejects.toMatchObject({
      code: 'InvalidPredicate',
      message: expect.stringContaining('n is none'),
    })
  })

  it('leaves files alone that are large enough', async () => {
    const table = await fragmented()
    expect(await table.optimize({ targetFileSize: 100 })).toMatchObject({ skipped: true })
  })

  it('changes no row: the files say so', async () => {
    const table = await fragmented()
    await table.optimize()
    const history = await table.history({ limit: 1 })
    expect(history[0]).toMatchObject({
      operation: 'OPTIMIZE',
      operationParameters: { predicate: '[]', zOrderBy: '[]' },
      operationMetrics: { numRemovedFiles: '8' },
      isolationLevel: 'SnapshotIsolation',
      isBlindAppend: false,
    })
  })

  it('does not disturb an append that comes in between', async () => {
    const table = await fragmented()
    const other = await DeltaTable.open(table.url, { schema: Event })
    const [compacted, appended] = await Promise.all([table.optimize(), other.append([{ id: 99n, kind: 'a', n: 99 }])])
    expect(new Set([compacted.version, appended.version])).toEqual(new Set([5, 6]))
    expect(await sorted(await table.refresh())).toHaveLength(9)
  })
})
