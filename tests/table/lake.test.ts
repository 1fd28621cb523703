import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, Lake, long, string, struct } from '../../src/index.js'
import { PLACES, type Place } from './places.js'

const Event = struct({ id: long(), kind: string() })

describe.each(PLACES)('a query %s', (_, open) => {
  let place: Place
  let lake: Lake
  let events: DeltaTable<typeof Event.Row>

  beforeAll(async () => {
    place = await open()
    lake = new Lake({ memory: '256MB' })
    events = await DeltaTable.create(place.url(), { schema: Event, partitionBy: ['kind'], storage: place.storage })
    await events.append([
      { id: 1n, kind: 'a' },
      { id: 2n, kind: 'b' },
      { id: 3n, kind: 'a' },
    ])
  })
  afterAll(async () => {
    await lake.close()
    await place.close()
  })

  it('answers with rows, one by one, or as an Arrow table', async () => {
    const ask = () =>
      lake.query('SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY kind', { tables: { t: events } })
    const expected = [
      { kind: 'a', n: 2n },
      { kind: 'b', n: 1n },
    ]
    expect(await (await ask()).rows()).toEqual(expected)
    expect(await (await ask()).rows({ longs: 'number' })).toEqual(expected.map((row) => ({ ...row, n: Number(row.n) })))
    const streamed = []
    for await (const row of (await ask()).rowStream()) streamed.push(row)
    expect(streamed).toEqual(expected)
    expect((await (await ask()).toArrow()).numRows).toBe(2)
  })

  it('sees the version that its handle holds', async () => {
    const empty = await events.at({ version: 0 })
    const result = await lake.query(
      'SELECT (SELECT count(*) FROM now) AS now, (SELECT count(*) FROM before) AS before',
      {
        tables: { now: events, before: empty },
      },
    )
    expect(await result.rows()).toEqual([{ now: 3n, before: 0n }])
  })

  it('reads tables that the SQL names by URL, where that is allowed', async () => {
    await using open = new Lake({ deltaScan: true, storage: place.storage })
    const result = await open.query(`SELECT count(*) AS n FROM delta_scan('${events.url}', version => 1)`)
    expect(await result.rows()).toEqual([{ n: 3n }])
  })

  it('keeps columns of one name apart', async () => {
    const result = await lake.query('SELECT a.id, b.id FROM t a JOIN t b ON a.id = b.id - 1 ORDER BY 1', {
      tables: { t: events },
    })
    expect(await result.rows()).toEqual([
      { id: 1n, id_1: 2n },
      { id: 2n, id_1: 3n },
    ])
  })

  it.each([
    ['SQL that does not parse', 'SELEC 1', 'InvalidQuery'],
    ['a table that was not given', 'SELECT * FROM others', 'InvalidQuery'],
    ['files of the machine', "SELECT * FROM read_text('/etc/passwd')", 'InvalidQuery'],
    ['a table by its URL, unless that is allowed', "SELECT * FROM delta_scan('/tmp/t')", 'InvalidQuery'],
    ['a statement that is no query', "COPY (SELECT 1) TO '/tmp/x.csv'", 'InvalidQuery'],
  ])('refuses %s', async (_, sql, code) => {
    await expect(lake.query(sql, { tables: { t: events } }).then((result) => result.rows())).rejects.toMatchObject({
      code,
    })
  })

  it('ends when it is aborted', async () => {
    const abort = new AbortController()
    const running = lake
      .query('SELECT count(*) FROM range(100000000000) a, range(1000) b', { tables: {}, signal: abort.signal })
      .then((result) => result.rows())
    setTimeout(() => abort.abort(), 50)
    await expect(running).rejects.toMatchObject({ code: 'Aborted' })
  })
})
