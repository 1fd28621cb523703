import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { col, DeltaTable, long, type Row, string, struct } from '../../src/index.js'
import { commandLine } from '../cli/command-line.js'
import { openMemory, type Place } from './places.js'

const Person = struct({ id: long(), name: string(), city: string(), seq: long() })
const History = struct({ id: long(), name: string(), city: string(), __start_at: long(), __end_at: long() })
const REMEMBERS = { 'delta.feature.domainMetadata': 'supported' }

interface Event {
  readonly id: bigint
  readonly seq: bigint
  readonly op: 'upsert' | 'delete' | 'truncate'
  readonly name: string | null
  readonly city: string | null
}

const event = (id: number, seq: number, name: string | null, city: string | null = null): Event => ({
  id: BigInt(id),
  seq: BigInt(seq),
  op: 'upsert',
  name,
  city,
})
const gone = (id: number, seq: number): Event => ({ ...event(id, seq, null), op: 'delete' })

const LATEST = { keys: ['id'], sequenceBy: 'seq', applyAsDelete: "op = 'delete'", except: ['op'] } as const
const KEPT = { ...LATEST, except: ['op', 'seq'], scd: 2 } as const

/** `id name city seq`, sorted; of history `id name city start end`. */
function texts(rows: readonly Row[]): string[] {
  return rows
    .map((row) =>
      ['id', 'name', 'city', 'seq', '__start_at', '__end_at']
        .filter((name) => name in row)
        .map((name) => row[name])
        .join(' '),
    )
    .sort()
}

describe('applyChanges', () => {
  let memory: Place
  beforeAll(async () => {
    memory = await openMemory()
  })

  const create = (
    schema: typeof Person | typeof History,
    properties: { [key: string]: string } = REMEMBERS,
  ): Promise<DeltaTable> => DeltaTable.create<Row>(memory.url(), { schema, properties }) as Promise<DeltaTable>

  it('keeps the newest row of each key, in one commit', async () => {
    const table = await create(Person)
    const { version, metrics } = await table.applyChanges(
      [event(1, 2, 'b'), event(1, 1, 'a'), event(2, 1, 'x'), gone(2, 2), event(3, 1, 'y'), event(3, 1, 'y')],
      LATEST,
    )
    expect(version).toBe(1)
    expect(metrics).toMatchObject({ numTargetRowsInserted: 2, numTargetRowsUpdated: 0, numTargetRowsDeleted: 0 })
    expect(texts(await table.rows())).toEqual(['1 b  2', '3 y  1'])
    await table.applyChanges([gone(1, 3), event(3, 0, 'late'), event(2, 1, 'late')], LATEST)
    expect(texts(await table.rows())).toEqual(['3 y  1'])
    await table.applyChanges([event(2, 5, 'back')], { ...LATEST, applyAsDelete: col('op').eq('delete') })
    expect(texts(await table.rows())).toEqual(['2 back  5', '3 y  1'])
  })

  it('leaves values as they are where an event has none, if that is asked for', async () => {
    const table = await create(Person)
    const options = { ...LATEST, ignoreNullUpdates: true }
    await table.applyChanges([event(1, 1, 'a', 'x'), event(1, 2, null, 'y')], options)
    await table.applyChanges([event(1, 3, 'b'), event(2, 1, 'c', 'z')], options)
    expect(texts(await table.rows())).toEqual(['1 b y 3', '2 c z 1'])
    await table.applyChanges([gone(1, 4), event(1, 5, 'new'), event(2, 0, 'late', 'late')], options)
    expect(texts(await table.rows())).toEqual(['1 new  5', '2 c z 1'])
  })

  it('takes all older rows away with a truncation, those that come late too', async () => {
    const table = await create(Person)
    const options = { ...LATEST, applyAsTruncate: "op = 'truncate'" }
    await table.applyChanges([event(1, 1, 'a'), event(2, 8, 'b')], options)
    await table.applyChanges(
      [{ ...event(0, 5, null), op: 'truncate' }, event(3, 4, 'before'), event(4, 6, 'after')],
      options,
    )
    expect(texts(await table.rows())).toEqual(['2 b  8', '4 after  6'])
    await table.applyChanges([event(5, 5, 'late'), event(6, 7, 'in time')], options)
    expect(texts(await table.rows())).toEqual(['2 b  8', '4 after  6', '6 in time  7'])
  })

  it('keeps history, from when each row was valid until when', async () => {
    const table = await create(History)
    await table.applyChanges([event(1, 1, 'a'), event(1, 5, 'b'), event(2, 2, 'x'), gone(2, 4)], KEPT)
    expect(texts(await table.rows())).toEqual(['1 a  1 5', '1 b  5 ', '2 x  2 4'])
    await table.applyChanges([event(1, 3, 'between'), event(2, 9, 'back'), event(2, 3, 'late')], KEPT)
    expect(texts(await table.rows())).toEqual([
      '1 a  1 3',
      '1 b  5 ',
      '1 between  3 5',
      '2 back  9 ',
      '2 late  3 4',
      '2 x  2 3',
    ])
  })

  it('keeps history of some columns, and the newest values of the others', async () => {
    const table = await create(History)
    const options = { ...KEPT, trackHistoryOn: ['name'] }
    await table.applyChanges([event(1, 1, 'a', 'x'), event(1, 2, 'a', 'y')], options)
    await table.applyChanges([event(1, 3, 'a', 'z'), event(1, 4, 'b', 'z')], options)
    expect(texts(await table.rows())).toEqual(['1 a z 1 4', '1 b z 4 '])
  })

  it('applies a load once, under its transaction id', async () => {
    const table = await create(Person)
    const options = { ...LATEST, txn: { appId: 'cdc', version: 7 } }
    await table.applyChanges([event(1, 1, 'a')], options)
    expect(await table.applyChanges([event(2, 1, 'b')], options)).toMatchObject({ skipped: true, version: 1 })
    expect(texts(await table.rows())).toEqual(['1 a  1'])
  })

  it('refuses events that cannot be ordered or have no key, and says which', async () => {
    const table = await create(Person)
    const fails = (events: readonly object[], change: object = {}): Promise<unknown> =>
      table.applyChanges(events, { ...LATEST, ...change }).then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(await fails([event(1, 1, 'a'), event(1, 1, 'b')])).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringMatching(/^Different events of id = 1 have the same value in seq/),
    })
    expect(await fails([{ ...event(1, 1, 'a'), id: null }])).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('key column id'),
    })
    expect(await fails([{ ...event(1, 1, 'a'), seq: null }])).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('An event of id = 1 has no value in seq'),
    })
    expect(await fails([event(1, 1, 'a')], { sequenceBy: 'sequence' })).toMatchObject({ code: 'UnknownColumn' })
    expect(await fails([event(1, 1, 'a')], { except: [] })).toMatchObject({ code: 'UnknownColumn' })
    expect(await fails([event(1, 1, 'a')], { except: ['op', 'seq'] })).toMatchObject({ code: 'InvalidArgument' })
    expect(await fails([event(1, 1, 'a')], { scd: 2, except: ['op', 'seq'] })).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('__start_at'),
    })
    expect(await fails([event(1, 1, 'a')], { keys: [] })).toMatchObject({ code: 'InvalidArgument' })
    const forgetful = await create(Person, {})
    await expect(forgetful.applyChanges([event(1, 1, 'a')], LATEST)).rejects.toMatchObject({
      code: 'UnsupportedFeature',
    })
    expect(forgetful.version).toBe(0)
    expect(table.version).toBe(0)
  })

  it('is a command', async () => {
    const table = await create(Person)
    await table.append([{ id: 2n, name: 'old', city: null, seq: 0n }])
    const events = [event(1, 1, 'a'), gone(2, 1)].map((each) => ({
      ...each,
      id: Number(each.id),
      seq: Number(each.seq),
    }))
    const args = ['--keys', 'id', '--sequence-by', 'seq', '--apply-as-delete', "op = 'delete'", '--except', 'op']
    const stdin = events.map((each) => JSON.stringify(each)).join('\n')
    const out = await commandLine(['apply-changes', table.url, '-', '--format', 'ndjson', ...args, '--json'], { stdin })
    expect(out.stderr).toBe('')
    expect(out.json()).toMatchObject({ version: 2, metrics: { numTargetRowsInserted: 1, numTargetRowsDeleted: 1 } })
    expect(texts(await (await table.refresh()).rows())).toEqual(['1 a  1'])
  })

  it('gives the same table in whatever order and pieces events come, and tells readers of changes', async () => {
    await fc.assert(
      fc.asyncProperty(eventsInPieces, fc.boolean(), async (pieces, vectors) => {
        const properties = {
          ...REMEMBERS,
          'delta.enableChangeDataFeed': 'true',
          'delta.enableDeletionVectors': String(vectors),
        }
        const [latest, kept] = [await create(Person, properties), await create(History, properties)]
        for (const piece of pieces) {
          await latest.applyChanges(piece, LATEST)
          await kept.applyChanges(piece, KEPT)
        }
        const all = pieces.flat().sort((a, b) => Number(a.seq - b.seq))
        expect(texts(await latest.rows())).toEqual(texts(newest(all)))
        expect(texts(await kept.rows())).toEqual(texts(history(all)))
        if (latest.version === 0) return
        const net = await latest.changes({ from: 1, net: ['id'] }).rows()
        expect(texts(net)).toEqual(texts(newest(all)))
      }),
      { numRuns: 4 },
    )
  })
})

/** Events of a few keys, each with a sequence of its own, shuffled into up to three loads, some sent twice. */
const eventsInPieces: fc.Arbitrary<Event[][]> = fc
  .array(
    fc.record({
      id: fc.nat({ max: 2 }),
      deletes: fc.boolean(),
      name: fc.constantFrom('a', 'b', null),
      piece: fc.nat({ max: 2 }),
      again: fc.boolean(),
      at: fc.nat(),
    }),
    {
      minLength: 1,
      maxLength: 10,
    },
  )
  .map((drawn) => {
    const pieces: Event[][] = [[], [], []]
    const sent = drawn.map(({ id, deletes, name, ...rest }, seq) => ({
      ...rest,
      event: deletes && seq % 2 === 1 ? gone(id, seq) : event(id, seq, name, `c${seq}`),
    }))
    for (const { event: each, piece, again } of sent.toSorted((a, b) => a.at - b.at)) {
      pieces[piece]?.push(each)
      if (again) pieces[(piece + 1) % 3]?.push(each)
    }
    return pieces.filter((piece) => piece.length > 0)
  })

function newest(events: readonly Event[]): Row[] {
  const rows = new Map<bigint, Row>()
  for (const { op, ...row } of events) {
    if (op === 'delete') rows.delete(row.id)
    else rows.set(row.id, { ...row })
  }
  return [...rows.values()]
}

function history(events: readonly Event[]): Row[] {
  const rows: Row[] = []
  for (const [i, { id, seq, op, name, city }] of events.entries()) {
    if (op === 'delete' || events.findIndex((each) => each.id === id && each.seq === seq) < i) continue
    const next = events.find((each) => each.id === id && each.seq > seq)
    rows.push({ id, name, city, __start_at: seq, __end_at: next?.seq ?? null })
  }
  return rows
}
