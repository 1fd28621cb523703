import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, long, type Row, string, struct } from '../../src/index.js'
import type { ChangeType } from '../../src/scan/change-columns.js'
import { commandLine } from '../cli/command-line.js'
import { ArrangedTable } from '../support/arranged-table.js'
import { openLocal, openMemory, type Place } from './places.js'

const Event = struct({ id: long(), kind: string(), note: string() })
const MASKED = { 'delta.enableChangeDataFeed': 'true', 'delta.enableDeletionVectors': 'true' }

const row = (id: number, note: string | null = null, kind = 'a'): Row => ({ id: BigInt(id), kind, note })

function texts(rows: readonly Row[]): string[] {
  return rows.map(({ id, kind, note, _change_type: type }) => [id, kind, note, type].join(' ')).sort()
}

describe('diff', () => {
  let memory: Place
  let disk: Place & { readonly folder: string }
  beforeAll(async () => {
    memory = await openMemory()
    disk = await openLocal()
  })
  afterAll(() => disk.close())

  it('needs no recorded changes, and opens no file that both versions have', async () => {
    const url = disk.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event })
    await table.append([row(1)])
    await table.append([row(2)])
    const read: string[] = []
    const watched = await DeltaTable.open(url, {
      observer: {
        on: (event) => void (event.type === 'request' && event.key.endsWith('.parquet') && read.push(event.key)),
      },
    })
    expect(texts(await watched.diff({ from: 1 }).rows())).toEqual(['2 a  insert'])
    expect(new Set(read).size).toBe(1)
    expect(texts(await table.diff({ from: 2, to: 1 }).rows())).toEqual(['2 a  delete'])
    expect(await table.diff({ from: 2 }).rows()).toEqual([])
    expect(Object.keys((await table.diff({ from: 0, columns: ['note'] }).rows())[0] ?? {})).toEqual([
      'note',
      '_change_type',
    ])
  })

  it('leaves out rows that only moved, each as often as it stands', async () => {
    const arranged = await ArrangedTable.create(memory.url(), { schema: Event })
    await arranged.append([row(1), row(1), row(2)], [row(3)])
    await arranged.rewrite(false)
    await arranged.rewrite(true, (each) => (each.id === 3n ? row(3, 'new') : each))
    await arranged.append([row(1)])
    const { table } = arranged
    expect(await table.diff({ from: 1, to: 2 }).rows()).toEqual([])
    expect(texts(await table.diff({ from: 1 }).rows())).toEqual(['1 a  insert', '3 a  delete', '3 a new insert'])
    expect(texts(await table.diff({ from: 4, to: 1 }).rows())).toEqual(['1 a  delete', '3 a  insert', '3 a new delete'])
    // Compared column by column, what differs may be the same.
    expect(texts(await table.diff({ from: 1, to: 3, columns: ['id'] }).rows())).toEqual([])
    expect(texts(await table.diff({ from: 1, memory: 64 }).rows())).toEqual([
      '1 a  insert',
      '3 a  delete',
      '3 a new insert',
    ])
  })

  it('tells updates by keys, and refuses keys that are none', async () => {
    const arranged = await ArrangedTable.create(memory.url(), { schema: Event })
    await arranged.append([row(1), row(2), row(3)])
    await arranged.rewrite(true, (each) =>
      each.id === 1n ? undefined : row(Number(each.id), each.id === 2n ? 'new' : null),
    )
    const { table } = arranged
    expect(texts(await table.diff({ from: 1, keys: ['ID'] }).rows())).toEqual([
      '1 a  delete',
      '2 a  update_preimage',
      '2 a new update_postimage',
    ])
    await expect(table.diff({ from: 1, keys: ['kind'] }).rows()).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('kind = a'),
    })
    await expect(table.diff({ from: 1, keys: ['nope'] }).rows()).rejects.toMatchObject({ code: 'UnknownColumn' })
  })

  it('is a command', async () => {
    const url = disk.url()
    const table = await DeltaTable.create<Row>(url, { schema: Event })
    await table.append([row(1)])
    const out = await commandLine(['diff', url, '0', '1', '--json'])
    expect(out.json()).toEqual([{ id: 1, kind: 'a', note: null, _change_type: 'insert' }])
    expect((await commandLine(['diff', url, '7'])).code).toBe(4)
  })

  it('and net changes are what makes the one version the other, whatever happened between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(), async (steps, pick) => {
        const arranged = await ArrangedTable.create(memory.url(), { schema: Event, properties: MASKED })
        const versions: (readonly Row[])[] = [[]]
        for (const { kind, salt } of steps) {
          await apply(arranged, kind, salt)
          versions.push(arranged.rows)
        }
        const from = pick % versions.length
        const [before, after] = [versions[from] ?? [], versions.at(-1) ?? []]
        const expected = difference(before, after)
        const { table } = arranged
        // Room for two keys: the others are taken in shares.
        const few = { memory: 600 }
        expect(texts(await table.diff({ from, keys: ['id'] }).rows())).toEqual(expected)
        expect(texts(await table.diff({ from, keys: ['id'], ...few }).rows())).toEqual(expected)
        const plain = expected.map((text) =>
          text.replace('update_preimage', 'delete').replace('update_postimage', 'insert'),
        )
        expect(texts(await table.diff({ from }).rows())).toEqual(plain.sort())
        if (from === table.version) return
        expect(texts(await table.changes({ from: from + 1, net: ['id'] }).rows())).toEqual(expected)
        expect(texts(await table.changes({ from: from + 1, net: ['id'], ...few }).rows())).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })
})

const step = fc.record({
  kind: fc.constantFrom('append', 'compact', 'rewrite', 'delete', 'update', 'revert'),
  salt: fc.nat({ max: 20 }),
})

async function apply(arranged: ArrangedTable, kind: string, salt: number): Promise<void> {
  const before = arranged.rows
  const picked = ({ id }: Row): boolean => (Number(id) + salt) % 3 === 0
  const free = [0, 1, 2, 3, 4, 5, 6, 7].filter((id) => !before.some((each) => each.id === BigInt(id)))
  if (kind === 'append') await arranged.append(free.slice(0, (salt % 3) + 1).map((id) => row(id)))
  else if (kind === 'compact') await arranged.rewrite(false)
  else if (kind === 'rewrite') await arranged.rewrite(true, (each) => (picked(each) ? undefined : each))
  else if (kind === 'delete') await arranged.mask((each, was) => was || picked(each))
  else {
    const updated = (each: Row): Row => ({ ...each, note: kind === 'revert' ? null : 'new' })
    const rows = before.filter(picked)
    const recorded = rows.flatMap((each): (readonly [ChangeType, Row])[] => [
      ['update_preimage', each],
      ['update_postimage', updated(each)],
    ])
    await arranged.mask((each, was) => was || picked(each), rows.map(updated), recorded)
  }
}

function difference(before: readonly Row[], after: readonly Row[]): string[] {
  const rows: Row[] = []
  for (const old of before) {
    const now = after.find(({ id }) => id === old.id)
    if (now?.note === old.note) continue
    rows.push({ ...old, _change_type: now === undefined ? 'delete' : 'update_preimage' })
    if (now !== undefined) rows.push({ ...now, _change_type: 'update_postimage' })
  }
  for (const now of after) {
    if (!before.some(({ id }) => id === now.id)) rows.push({ ...now, _change_type: 'insert' })
  }
  return texts(rows)
}
