import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DeltaTable, long, type Row, string, struct } from '../../src/index.js'
import type { ChangeType } from '../../src/scan/change-columns.js'
import { commandLine } from '../cli/command-line.js'
import { ArrangedTable } from '../support/arranged-table.js'
import { openLocal, openMemory, PLACES, type Place } from './places.js'

const Event = struct({ id: long(), kind: string(), note: string() })
const RECORDED = { 'delta.enableChangeDataFeed': 'true' }
const MASKED = { ...RECORDED, 'delta.enableDeletionVectors': 'true' }

const row = (id: number, kind = 'a', note: string | null = null): Row => ({ id: BigInt(id), kind, note })

/** `id kind note change version`, sorted. */
function texts(rows: readonly Row[]): string[] {
  return rows
    .map(({ id, kind, note, _change_type, _commit_version }) => {
      return [id, kind, note, _change_type, _commit_version].join(' ')
    })
    .sort()
}

describe('changes', () => {
  let memory: Place
  let disk: Place & { readonly folder: string }
  beforeAll(async () => {
    memory = await openMemory()
    disk = await openLocal()
  })
  afterAll(() => disk.close())

  it.each(PLACES)(
    'gives the rows that came and went %s, from adds and removes, in the order of versions',
    async (_, open) => {
      const place = await open()
      onTestFinished(() => place.close())
      const { storage } = place
      const options = { schema: Event, properties: RECORDED, partitionBy: ['kind'], storage }
      const arranged = await ArrangedTable.create(place.url(), options)
      const { table } = arranged
      await arranged.append([row(1), row(2, 'b')], [row(3)])
      await arranged.rewrite(false)
      await arranged.rewrite(true, (each) => (each.id === 1n ? undefined : each))
      const rows = await table.changes({ from: 0 }).rows()
      expect(texts(rows)).toEqual([
        '1 a  delete 3',
        '1 a  insert 1',
        '2 b  delete 3',
        '2 b  insert 1',
        '2 b  insert 3',
        '3 a  delete 3',
        '3 a  insert 1',
        '3 a  insert 3',
      ])
      const versions = rows.map((each) => Number(each._commit_version))
      expect(versions).toEqual([...versions].sort())
      expect(texts(await table.changes({ from: 1, to: 1 }).rows())).toEqual([
        '1 a  insert 1',
        '2 b  insert 1',
        '3 a  insert 1',
      ])
      expect(await table.changes({ from: 2, to: 2 }).rows()).toEqual([])
    },
  )

  it('has the columns asked for, and tells when the version was committed', async () => {
    const table = await DeltaTable.create<Row>(memory.url(), { schema: Event, properties: RECORDED })
    await table.append([row(7, 'x', 'n')])
    expect(await table.changes({ from: 1, columns: ['NOTE'] }).rows()).toEqual([
      {
        note: 'n',
        _change_type: 'insert',
        _commit_version: 1n,
        _commit_timestamp: (await table.at({ version: 1 })).timestamp,
      },
    ])
    await expect(table.changes({ from: 1, columns: ['nope'] }).rows()).rejects.toMatchObject({ code: 'UnknownColumn' })
  })

  it('reads what was recorded and nothing else where a version has change data files', async () => {
    for (const mode of ['none', 'name', 'id']) {
      const arranged = await ArrangedTable.create(memory.url(), {
        schema: Event,
        properties: { ...MASKED, 'delta.columnMapping.mode': mode },
        partitionBy: ['kind'],
      })
      await arranged.append([row(1), row(2), row(3, 'ü %')])
      await arranged.mask(
        ({ id }, was) => was || id === 2n || id === 3n,
        [row(2, 'c', 'new')],
        [
          ['update_preimage', row(2)],
          ['update_postimage', row(2, 'c', 'new')],
          ['delete', row(3, 'ü %')],
        ],
      )
      expect(texts(await arranged.table.changes({ from: 2 }).rows())).toEqual([
        '2 a  update_preimage 2',
        '2 c new update_postimage 2',
        '3 ü %  delete 2',
      ])
    }
  })

  it('names the version that did not record, and the one whose columns do not fit', async () => {
    const url = memory.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event })
    await expect(table.changes({ from: 0 }).rows()).rejects.toMatchObject({
      code: 'ChangeDataNotRecorded',
      details: { version: 0 },
    })
    const recorded = await DeltaTable.create<Row>(memory.url(), { schema: Event, properties: RECORDED })
    await recorded.append([row(1)])
    await recorded.overwrite([{ id: 'text' }], { overwriteSchema: true, schema: struct({ id: string() }) })
    await expect(recorded.changes({ from: 0 }).rows()).rejects.toMatchObject({
      code: 'SchemaMismatch',
      message: expect.stringContaining('column id was BIGINT before and is STRING now'),
    })
    expect(texts(await recorded.changes({ from: 0, to: 1 }).rows())).toEqual(['1 a  insert 1'])
  })

  it('reads over columns that were added and types that were widened, not over a rename', async () => {
    const url = memory.url()
    const table = await DeltaTable.create<Row>(url, {
      schema: 'id INT, kind STRING',
      properties: { ...RECORDED, 'delta.enableTypeWidening': 'true', 'delta.columnMapping.mode': 'name' },
    })
    await table.append([{ id: 1, kind: 'a' }])
    await table.alter.addColumns('note STRING')
    await table.alter.changeType('id', 'BIGINT')
    await table.update({ set: { note: 'new', id: 2n ** 40n } })
    expect(texts(await table.changes({ from: 0 }).rows())).toEqual([
      '1 a  insert 1',
      '1 a  update_preimage 4',
      '1099511627776 a new update_postimage 4',
    ])
    await table.alter.renameColumn('kind', 'sort')
    await expect(table.changes({ from: 0 }).rows()).rejects.toMatchObject({
      code: 'SchemaMismatch',
      message: expect.stringContaining('column kind was renamed or dropped'),
    })
    expect(await table.changes({ from: 5 }).rows()).toEqual([])
  })

  it('keeps the names free that change data needs', async () => {
    const schema = 'id BIGINT, _Change_Type STRING'
    await expect(DeltaTable.create(memory.url(), { schema, properties: RECORDED })).rejects.toMatchObject({
      code: 'InvalidSchema',
      details: { column: '_Change_Type' },
    })
    await DeltaTable.create(memory.url(), { schema })
  })

  it('refuses ranges that are not there', async () => {
    const table = await DeltaTable.create<Row>(memory.url(), { schema: Event, properties: RECORDED })
    await table.append([row(1)])
    await expect(table.changes({ from: 2 }).rows()).rejects.toMatchObject({ code: 'VersionNotFound' })
    await expect(table.changes({ from: 0, to: 2 }).rows()).rejects.toMatchObject({ code: 'VersionNotFound' })
    await expect(table.changes({ from: 1, to: 0 }).rows()).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.changes({ from: -1 }).rows()).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.changes({ from: '2026-01-01 10:00:00' }).rows()).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })

  it('begins with the first version at or after an instant, and ends with the last one at or before another', async () => {
    const url = disk.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event, properties: RECORDED })
    for (const id of [1, 2, 3]) await table.append([row(id)])
    for (const version of [0, 1, 2, 3]) {
      const time = new Date(Date.UTC(2026, 0, 1, version))
      await utimes(join(url, '_delta_log', `${String(version).padStart(20, '0')}.json`), time, time)
    }
    const ids = async (from: string, to?: string): Promise<unknown[]> =>
      (await (await DeltaTable.open(url)).changes({ from, to }).rows()).map(({ id }) => id)
    expect(await ids('2026-01-01T01:00:00Z')).toEqual([1n, 2n, 3n])
    expect(await ids('2026-01-01T01:00:00.001Z')).toEqual([2n, 3n])
    expect(await ids('2025-01-01T00:00:00Z', '2026-01-01T02:59:59Z')).toEqual([1n, 2n])
    expect(await ids('2026-01-01T02:00:00Z', '2026-01-01T02:00:00Z')).toEqual([2n])
    await expect(ids('2026-01-01T03:00:00.001Z')).rejects.toMatchObject({ code: 'VersionNotFound' })
  })

  it('follows what is committed until it is told to stop, and says where to go on', async () => {
    const url = memory.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event, properties: RECORDED })
    await table.append([row(1)])
    const stop = new AbortController()
    const stream = table.changes({ from: 1, follow: true, pollInterval: 1, signal: stop.signal })
    const writer = await DeltaTable.open(url)
    const seen: unknown[] = []
    await expect(
      (async () => {
        for await (const batch of stream) {
          seen.push(...(batch.getChildAt(0)?.toArray() ?? []))
          if (seen.length === 3) stop.abort()
          else await writer.append([row(seen.length + 1)])
        }
      })(),
    ).rejects.toMatchObject({ code: 'Aborted' })
    expect(seen).toEqual([1n, 2n, 3n])
    expect(stream.nextVersion).toBe(4)
    for await (const _ of table.changes({ from: 1, follow: true })) break
  })

  it('ends a stream that follows when the columns change', async () => {
    const url = memory.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event, properties: RECORDED })
    const stream = table.changes({ from: 0, follow: true, pollInterval: 1 })
    const rows = stream.rowStream()
    await (await DeltaTable.open(url)).append([row(1)])
    await rows.next()
    const wider = struct({ id: long(), kind: string(), note: string(), more: string() })
    await (await DeltaTable.open(url)).overwrite([], { overwriteSchema: true, schema: wider })
    await expect(rows.next()).rejects.toMatchObject({ code: 'MetadataChanged', details: { from: 2 } })
    expect(stream.nextVersion).toBe(2)
  })

  it('says which file is gone', async () => {
    const url = disk.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event, properties: RECORDED })
    await table.append([row(1)])
    for await (const { path } of await table.files()) await rm(join(url, path))
    await expect(table.changes({ from: 0 }).rows()).rejects.toMatchObject({
      code: 'DataFileMissing',
      details: { version: 1 },
    })
  })

  it('is a command', async () => {
    const url = disk.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event, properties: RECORDED })
    await table.append([row(1)])
    await table.append([row(2)])
    const out = await commandLine(['changes', url, '--from', '2', '--columns', 'ID', '--json'])
    expect(out).toMatchObject({ code: 0 })
    expect(out.json()).toEqual([
      {
        id: 2,
        _change_type: 'insert',
        _commit_version: 2,
        _commit_timestamp: (await DeltaTable.open(url)).timestamp.toISOString(),
      },
    ])
    expect((await commandLine(['changes', url])).code).toBe(2)
    expect((await commandLine(['changes', url, '--from', '9'])).code).toBe(4)
  })

  it('are what happened, whatever a table went through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.boolean(), async (steps, partitioned) => {
        const arranged = await ArrangedTable.create(memory.url(), {
          schema: Event,
          properties: MASKED,
          partitionBy: partitioned ? ['kind'] : [],
        })
        const expected: string[] = []
        let next = 0
        for (const { kind, salt } of steps) {
          const before = arranged.rows
          const version = arranged.table.version + 1
          const recorded: (readonly [ChangeType, Row])[] = []
          const fresh = Array.from({ length: (salt % 3) + 1 }, () => row(next++, 'ab'[salt % 2], `s${salt}`))
          const picked = (each: Row): boolean => (Number(each.id) + salt) % 3 === 0
          if (kind === 'append')
            await arranged.append(
              fresh,
              fresh.map((each) => ({ ...each, id: BigInt(next++) })),
            )
          else if (kind === 'compact') await arranged.rewrite(false)
          else if (kind === 'rewrite') await arranged.rewrite(true, (each) => (picked(each) ? undefined : each))
          else if (kind === 'delete') await arranged.mask((each, was) => was || picked(each))
          else if (kind === 'restore') await arranged.mask((each, was) => was && !picked(each))
          else {
            for (const each of before.filter(picked)) {
              recorded.push(['update_preimage', each], ['update_postimage', { ...each, note: 'new' }])
            }
            if (recorded.length === 0) continue
            const added = recorded.flatMap(([type, each]) => (type === 'update_postimage' ? [each] : []))
            await arranged.mask((each, was) => was || picked(each), added, recorded)
          }
          const rewritten = kind === 'rewrite'
          expected.push(
            ...texts(recorded.map(([type, each]) => ({ ...each, _change_type: type, _commit_version: version }))),
          )
          if (recorded.length > 0) continue
          const after = arranged.rows
          const only = (some: readonly Row[], others: readonly Row[], type: ChangeType): string[] => {
            const left = rewritten ? [] : texts(others)
            return texts(
              some
                .filter((each) => {
                  const same = left.indexOf(texts([each])[0] as string)
                  return same < 0 || left.splice(same, 1).length === 0
                })
                .map((each) => ({ ...each, _change_type: type, _commit_version: version })),
            )
          }
          expected.push(...only(before, after, 'delete'), ...only(after, before, 'insert'))
        }
        expect(texts(await arranged.table.changes({ from: 0 }).rows())).toEqual(expected.sort())
      }),
      { numRuns: 40 },
    )
  })
})

const step = fc.record({
  kind: fc.constantFrom('append', 'compact', 'rewrite', 'delete', 'restore', 'update'),
  salt: fc.nat({ max: 20 }),
})
