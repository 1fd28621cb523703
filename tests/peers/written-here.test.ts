import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowDifference } from '../conformance/row-difference.js'
import type { StructJson } from '../conformance/schema-json.js'
import { allTypesRows, allTypesSchema } from './all-types.js'
import { partitionTypes } from './partition-types.js'
import { createdHere, folderName, PeerSession, peerReaders, rowsHere } from './peer-session.js'
import { plainRows } from './row-values.js'

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

describe('a table of all types that was written here', () => {
  let path: string
  const written = allTypesRows(0, 40)

  beforeAll(async () => {
    path = join(session.folder, 'all-types')
    const table = await createdHere(path, allTypesSchema)
    await table.append(written.slice(0, 15))
    await table.append(written.slice(15))
  })

  it.each(peerReaders)('has the same rows for %s', async (reader) => {
    const expected = plainRows(written, allTypesSchema)
    expect(rowDifference(expected, await session.rowsThere(reader, path), allTypesSchema)).toBeUndefined()
  })

  it('has the same rows for us', async () => {
    expect(rowDifference(plainRows(written, allTypesSchema), await rowsHere(path), allTypesSchema)).toBeUndefined()
  })

  it.each(['deltalake', 'pyarrow', 'polars'] as const)('has the rows of an older version for %s', async (reader) => {
    const expected = plainRows(written.slice(0, 15), allTypesSchema)
    expect(rowDifference(expected, await session.rowsThere(reader, path, 1), allTypesSchema)).toBeUndefined()
  })

  it('has the same schema for deltalake', async () => {
    const { schema } = await session.ask<{ schema: string }>('schema', { table: path })
    expect(JSON.parse(schema)).toMatchObject(allTypesSchema)
  })

  it('has its operations in the history that deltalake reads', async () => {
    const { operations } = await session.ask<{ operations: string[] }>('history', { table: path })
    expect(operations).toEqual(['WRITE', 'WRITE', 'CREATE TABLE'])
  })
})

describe('a table of all types whose small files became one here', () => {
  let path: string
  /** Some values repeat from file to file, some do not. */
  const written = [0, 15, 0, 30, 3, 0].flatMap((from) => allTypesRows(from, 20))

  beforeAll(async () => {
    path = join(session.folder, 'compacted')
    const table = await createdHere(path, allTypesSchema)
    for (let i = 0; i < written.length; i += 20) await table.append(written.slice(i, i + 20))
    expect((await table.optimize()).metrics).toMatchObject({ numRemovedFiles: 6, numAddedFiles: 1 })
  })

  it.each(peerReaders)('has the same rows for %s', async (reader) => {
    const expected = plainRows(written, allTypesSchema)
    expect(rowDifference(expected, await session.rowsThere(reader, path), allTypesSchema)).toBeUndefined()
  })
})

describe('the statistics that we write', () => {
  it('are those that deltalake writes of the same rows, wherever it writes any', async () => {
    const rows = allTypesRows(0, 8)
    const ours = join(session.folder, 'our-statistics')
    const theirs = join(session.folder, 'their-statistics')
    await (await createdHere(ours, allTypesSchema)).append(rows)
    const copy = await session.copyOf('deltalake', ours)
    await session.ask('write', { table: theirs, rows: copy })

    const [here, there] = await Promise.all([ours, theirs].map((table) => session.statisticsThere(table)))
    const known = there?.columns.filter((name) => /^(num_records|null_count\.|min\.|max\.)/.test(name)) ?? []
    // deltalake gives bounds of booleans; Spark and we do not: no file can be skipped by them.
    const wanted = known.filter(
      (name) => !/^(min|max)\.boolean$/.test(name) && there?.rows[0]?.[there.columns.indexOf(name)] !== null,
    )
    expect(wanted.length).toBeGreaterThan(30)
    for (const name of wanted) {
      expect([name, here?.rows[0]?.[here.columns.indexOf(name)]]).toEqual([
        name,
        there?.rows[0]?.[there.columns.indexOf(name)],
      ])
    }
  })
})

describe.each(partitionTypes)('a table partitioned by %s that was written here', (type, values) => {
  const schema: StructJson = {
    type: 'struct',
    fields: [
      { name: 'p', type },
      { name: 'id', type: 'long' },
    ],
  }
  const rows = values.flatMap((value, i) => [
    { p: value, id: BigInt(i) },
    { p: value, id: BigInt(i + 1000) },
  ])

  it('has the same rows for every reader', async () => {
    const path = join(session.folder, folderName(`by ${type}`))
    await (await createdHere(path, schema, ['p'])).append(rows)
    const expected = plainRows(rows, schema)
    for (const reader of peerReaders) {
      expect([reader, rowDifference(expected, await session.rowsThere(reader, path), schema)]).toEqual([
        reader,
        undefined,
      ])
    }
    expect(rowDifference(expected, await rowsHere(path), schema)).toBeUndefined()
  })
})
