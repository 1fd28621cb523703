import { describe, expect, it } from 'vitest'
import { DeltaTable, isDeltaError, long, struct } from '../../src/index.js'

const Event = struct({ id: long().notNull() })
type EventRow = typeof Event.Row

let tables = 0
const newTable = (): Promise<DeltaTable<EventRow>> =>
  DeltaTable.create(`memory://writers/${tables++}`, { schema: Event })

const HOUR = 3_600_000

describe('a writer', () => {
  it('commits when it holds enough rows, and tells each write its version', async () => {
    const table = await newTable()
    const writer = table.writer({ flushRows: 3, flushInterval: HOUR })
    const results = await Promise.all([1n, 2n, 3n].map((id) => writer.write({ id })))
    expect(results.map(({ version, metrics }) => [version, metrics.numOutputRows])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    expect(await table.rows()).toHaveLength(3)
  })

  it('commits when it holds enough bytes', async () => {
    const table = await newTable()
    const writer = table.writer({ flushBytes: 16, flushInterval: HOUR })
    const first = writer.write({ id: 1n })
    expect(writer.waitingRows).toBe(1)
    expect((await Promise.all([first, writer.write({ id: 2n })])).map(({ version }) => version)).toEqual([1, 1])
  })

  it('commits when the oldest row has waited long enough', async () => {
    const table = await newTable()
    expect(await table.writer({ flushInterval: 1 }).write([{ id: 1n }, { id: 2n }])).toMatchObject({ version: 1 })
  })

  it('commits what it holds when it is flushed, or closed, and then takes no more', async () => {
    const table = await newTable()
    const writer = table.writer({ flushInterval: HOUR })
    void writer.write({ id: 1n })
    await writer.flush()
    expect(table.version).toBe(1)
    void writer.write({ id: 2n })
    await writer.close()
    expect(await table.rows()).toHaveLength(2)
    await expect(writer.write({ id: 3n })).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('tells at the flush of rows that nobody waited for', async () => {
    const table = await newTable()
    const writer = table.writer({ flushInterval: HOUR })
    void writer.write({ id: 'x' } as never)
    void writer.write({ id: 1n })
    await expect(writer.flush()).rejects.toSatisfy((error) => isDeltaError(error, 'SchemaMismatch'))
    await writer.flush()
    expect(await table.rows()).toEqual([{ id: 1n }])
  })

  it.each([
    [{ flushRows: 0 }, /flushRows is 0/],
    [{ flushBytes: 'many' }, /"many" is no size for flushBytes/],
    [{ flushInterval: '1 month' }, /flushInterval is '1 month'/],
    [{ flushInterval: -1 }, /flushInterval is '-1'/],
  ])('refuses %j', async (options, message) => {
    const table = await newTable()
    expect(() => table.writer(options)).toThrow(message)
  })

  it('of a view is refused', async () => {
    const view = await (await newTable()).at({ version: 0 })
    expect(() => view.writer()).toThrow(/view of version 0/)
  })
})
