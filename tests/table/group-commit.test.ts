import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, isDeltaError, long, string, struct } from '../../src/index.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'
import { openMemory, type Place } from './places.js'

const Event = struct({ id: long().notNull(), kind: string() })
type EventRow = typeof Event.Row

const row = (id: number, kind = 'a'): EventRow => ({ id: BigInt(id), kind })

async function ids(table: DeltaTable<EventRow>): Promise<number[]> {
  return (await table.rows()).map(({ id }) => Number(id)).sort((a, b) => a - b)
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('appends that are issued together', () => {
  let place: Place
  beforeAll(async () => {
    place = await openMemory()
  })
  afterAll(() => place.close())

  const newTable = (): Promise<DeltaTable<EventRow>> =>
    DeltaTable.create(place.url(), { schema: Event, partitionBy: ['kind'] })

  it('share a commit and a data file, and each is told of its own rows', async () => {
    const table = await newTable()
    const results = await Promise.all(count(50).map((i) => table.append([row(i), row(i + 50)])))
    expect(results).toEqual(
      count(50).map(() => ({
        version: 1,
        operation: 'WRITE',
        metrics: { numFiles: 1, numOutputRows: 2, numOutputBytes: expect.any(Number) },
      })),
    )
    expect(await ids(table)).toEqual(count(100))
    const [entry] = await table.history({ limit: 1 })
    expect(entry).toMatchObject({ version: 1, operationMetrics: { numFiles: '1', numOutputRows: '100' } })
  })

  it('cost one data file and one commit on S3, however many they are', async () => {
    await using server = await startS3Server()
    const table = await DeltaTable.create(server.tableUrl('t'), { schema: Event, storage: server.options })
    server.requests.clear()
    await Promise.all(count(100).map((i) => table.append([row(i)])))
    expect(server.requests.all.map(({ method }) => method)).toEqual(['PUT', 'PUT'])
  })

  it('fail alone where a row does not fit, whoever else is in the commit', async () => {
    const table = await newTable()
    const bad = new Set([3, 17])
    const settled = await Promise.allSettled(
      count(20).map((i) => table.append([bad.has(i) ? ({ id: 'x' } as never) : row(i)])),
    )
    const failed = settled.flatMap((each, i) =>
      each.status === 'rejected' && isDeltaError(each.reason, 'SchemaMismatch') ? [i] : [],
    )
    expect(failed).toEqual([...bad])
    expect(await ids(table)).toEqual(count(20).filter((i) => !bad.has(i)))
  })

  it('with one txn are committed once', async () => {
    const table = await newTable()
    const txn = { appId: 'loader', version: 1 }
    const other = { appId: 'other', version: 1 }
    const results = await Promise.all([
      table.append([row(1)], { txn }),
      table.append([row(1)], { txn }),
      table.append([row(2)], { txn: other }),
      table.append([row(3)]),
    ])
    expect(results.map(({ skipped = false }) => skipped)).toEqual([false, true, false, false])
    expect(await ids(table)).toEqual([1, 2, 3])
    const again = await DeltaTable.open<EventRow>(table.url)
    expect(await again.append([row(2)], { txn: other })).toMatchObject({ skipped: true })
  })

  it('end with Aborted for those who gave up before, and for them alone', async () => {
    const table = await newTable()
    const [kept, gone] = await Promise.allSettled([
      table.append([row(1)]),
      table.append([row(2)], { signal: AbortSignal.abort() }),
    ])
    expect(kept).toMatchObject({ status: 'fulfilled' })
    expect(gone).toMatchObject({ status: 'rejected', reason: { code: 'Aborted' } })
    expect(await ids(table)).toEqual([1])
  })

  it('land once each, in any mixture of rows, streams, batches, notes and txns, beside another handle', async () => {
    const kinds = fc.constantFrom('rows', 'rows', 'stream', 'arrow', 'txn', 'note', 'nothing')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(kinds, fc.boolean(), fc.integer({ min: 0, max: 3 })), { maxLength: 25 }),
        async (plan) => {
          const handles = [await newTable()] as DeltaTable<EventRow>[]
          handles.push(await DeltaTable.open<EventRow>((handles[0] as DeltaTable<EventRow>).url))
          const expected: number[] = []
          const running: Promise<unknown>[] = []
          const { encodeRows } = await import('../../src/arrow/encode/encode-rows.js')
          for (const [i, [kind, first, pause]] of plan.entries()) {
            const table = handles[first ? 0 : 1] as DeltaTable<EventRow>
            const rows = kind === 'nothing' ? [] : [row(i * 2, 'a b'), row(i * 2 + 1, 'x=y')]
            expected.push(...rows.map(({ id }) => Number(id)))
            if (kind === 'arrow') running.push(table.append(encodeRows(rows, table.schema)))
            else if (kind === 'stream') running.push(table.append(rows.values()))
            else if (kind === 'txn') running.push(table.append(rows, { txn: { appId: `app-${i}`, version: 1 } }))
            else if (kind === 'note') running.push(table.append(rows, { userMetadata: `note ${i % 2}` }))
            else running.push(table.append(rows))
            for (let turn = 0; turn < pause; turn++) await new Promise(setImmediate)
          }
          await Promise.all(running)
          const [table] = handles as [DeltaTable<EventRow>]
          expect(await ids(await table.refresh())).toEqual(expected)
        },
      ),
      { numRuns: 15 },
    )
  })
})
