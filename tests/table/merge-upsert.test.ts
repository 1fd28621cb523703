import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, files, long, type MergeOptions, string, struct } from '../../src/index.js'
import { openLocal } from './places.js'

const Row = struct({ k: long(), v: long() })
type Row = typeof Row.Row

const rowsOf = (keys: readonly (number | null)[], first: number): Row[] =>
  keys.map((k, i) => ({ k: k === null ? null : BigInt(k), v: BigInt(first + i) }))

/** Keys of the table may come several times, those of the source once: a row of the source may match several rows, and no row is matched by two. */
const cases = fc.record({
  target: fc.array(fc.option(fc.nat(8)), { minLength: 1, maxLength: 12 }),
  source: fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 8 }),
  nullKeys: fc.nat(2),
  /** How many files the source has its rows in. */
  parts: fc.integer({ min: 1, max: 3 }),
  onlyEven: fc.boolean(),
  insertsOdd: fc.boolean(),
  deletesFirst: fc.boolean(),
})

describe('an upsert', () => {
  let place: Awaited<ReturnType<typeof openLocal>>
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  it.each(['true', 'false'])(
    'updates each row that matches and inserts the others, deletion vectors: %s',
    async (vectors) => {
      let n = 0
      await fc.assert(
        fc.asyncProperty(cases, async (given) => {
          const { parts, onlyEven, insertsOdd, deletesFirst } = given
          const target = rowsOf(given.target, 0)
          const source = rowsOf([...given.source, ...Array.from({ length: given.nullKeys }, () => null)], 100)
          const properties = { 'delta.enableDeletionVectors': vectors }
          const table = await DeltaTable.create(place.url(), { schema: Row, properties })
          const half = Math.ceil(target.length / 2)
          await table.append(target.slice(0, half))
          if (half < target.length) await table.append(target.slice(half))
          const paths: string[] = []
          for (let i = 0; i < parts; i++) {
            const path = join(place.folder, `source-${vectors}-${n++}.csv`)
            const lines = source.filter((_, row) => row % parts === i).map(({ k, v }) => `${k ?? ''},${v}`)
            await writeFile(path, `k,v\n${lines.map((line) => `${line}\n`).join('')}`)
            paths.push(path)
          }
          const begun = table.merge(files(paths), 'target.k = source.k')
          const first = deletesFirst ? begun.whenMatchedDelete({ condition: 'target.v % 3 = 0' }) : begun
          const { metrics } = await first
            .whenMatchedUpdateAll(onlyEven ? { condition: 'source.v % 2 = 0' } : {})
            .whenNotMatchedInsertAll(insertsOdd ? { condition: 'source.v % 2 = 1' } : {})
            .execute()

          const expected: Row[] = []
          const counts = { updated: 0, deleted: 0, inserted: 0 }
          for (const row of target) {
            const match = source.find(({ k }) => k !== null && k === row.k)
            if (match !== undefined && deletesFirst && (row.v as bigint) % 3n === 0n) counts.deleted++
            else if (match !== undefined && (!onlyEven || (match.v as bigint) % 2n === 0n)) {
              counts.updated++
              expected.push(match)
            } else expected.push(row)
          }
          for (const row of source) {
            const matches = row.k !== null && target.some(({ k }) => k === row.k)
            if (matches || (insertsOdd && (row.v as bigint) % 2n === 0n)) continue
            counts.inserted++
            expected.push(row)
          }
          const text = (rows: readonly Row[]): string[] => rows.map(({ k, v }) => `${k} ${v}`).sort()
          expect(text(await table.rows())).toEqual(text(expected))
          expect({
            updated: metrics.numTargetRowsUpdated ?? 0,
            deleted: metrics.numTargetRowsDeleted ?? 0,
            inserted: metrics.numTargetRowsInserted ?? 0,
          }).toEqual(counts)
        }),
        { numRuns: 25 },
      )
    },
    60_000,
  )

  it('says which row of the source does not fit, and leaves nothing behind', async () => {
    const { table, source, temp } = await upsertOf({ rows: 5, bad: 3 })
    await expect(upsert(table, source, { temp })).rejects.toMatchObject({
      code: 'SchemaMismatch',
      details: { column: 'v', got: 'null', rows: 1 },
    })
    expect([(await table.history()).length, await readdir(temp)]).toEqual([2, []])
  })

  it('ends when its signal fires, whenever that is, having changed all or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 120 }), async (milliseconds) => {
        const { table, source, temp } = await upsertOf({ rows: 20_000 })
        const ended = await upsert(table, source, { temp, signal: AbortSignal.timeout(milliseconds) }).then(
          () => 'committed',
          (error: unknown) => (error as { code?: string }).code,
        )
        expect(['committed', 'Aborted']).toContain(ended)
        expect(await readdir(temp)).toEqual([])
        const opened = await DeltaTable.open(table.url)
        expect([opened.version, (await opened.detail()).numFiles]).toEqual(ended === 'committed' ? [2, 2] : [1, 1])
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it('of a source that is large beside the memory is the same', async () => {
    const { table, source, temp } = await upsertOf({ rows: 40_000, textLength: 150 })
    const { metrics } = await upsert(table, source, { temp, memory: '64MB' })
    expect(metrics).toMatchObject({ numTargetRowsUpdated: 1000, numTargetRowsInserted: 39_000 })
    const rows = await table.rows()
    expect(rows.map(({ k }) => Number(k)).sort((a, b) => a - b)).toEqual(Array.from({ length: 40_000 }, (_, i) => i))
    expect(rows.every(({ k, v, text }) => k === v && text?.length === 150)).toBe(true)
  })

  /** A table of 1,000 rows with the keys from 0 on, and a file with rows of such keys and more. @param bad the position of a row without a value */
  async function upsertOf({ rows, bad, textLength = 1 }: { rows: number; bad?: number; textLength?: number }) {
    const schema = struct({ k: long(), v: long().notNull(), text: string() })
    const properties = { 'delta.enableDeletionVectors': 'true' }
    const table = await DeltaTable.create(place.url(), { schema, properties })
    await table.append(Array.from({ length: 1000 }, (_, i) => ({ k: BigInt(i), v: 0n, text: 'before' })))
    const folder = await mkdtemp(join(place.folder, 'upsert-'))
    const source = join(folder, 'source.csv')
    const line = (i: number): string =>
      `${i},${i === bad ? '' : i},${`t${randomBytes(textLength).toString('hex')}`.slice(0, textLength)}\n`
    await writeFile(source, `k,v,text\n${Array.from({ length: rows }, (_, i) => line(i)).join('')}`)
    const temp = join(folder, 'temp')
    await mkdir(temp)
    return { table, source, temp }
  }

  const upsert = (table: Awaited<ReturnType<typeof upsertOf>>['table'], source: string, options: MergeOptions) =>
    table
      .merge(files(source), 'target.k = source.k', options)
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute()
})
