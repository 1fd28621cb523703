import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, Lake } from '../../src/index.js'
import { arrowRows } from '../conformance/arrow-rows.js'
import { rowDifference } from '../conformance/row-difference.js'
import type { StructJson } from '../conformance/schema-json.js'
import { allTypesRows, allTypesSchema } from './all-types.js'
import { partitionTypes } from './partition-types.js'
import { createdHere, PeerSession, rowsHere } from './peer-session.js'
import { plainRows } from './row-values.js'

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

describe('a table of all types that deltalake wrote', () => {
  let path: string
  const rows = allTypesRows(0, 40)
  const expected = plainRows([...rows, ...rows], allTypesSchema)

  beforeAll(async () => {
    const source = join(session.folder, 'source')
    await (await createdHere(source, allTypesSchema)).append(rows)
    const copy = await session.copyOf('pyarrow', source)
    path = join(session.folder, 'theirs')
    await session.ask('write', { table: path, rows: copy })
    await session.ask('write', { table: path, rows: copy })
  })

  it('has the same rows through the Arrow path', async () => {
    expect(rowDifference(expected, await rowsHere(path), allTypesSchema)).toBeUndefined()
  })

  it('has the same rows through the SQL path', async () => {
    await using lake = new Lake({ memory: '500MB' })
    const result = await lake.query('SELECT * FROM t', { tables: { t: await DeltaTable.open(path) } })
    expect(rowDifference(expected, await arrowRows(result.batches(), undefined), allTypesSchema)).toBeUndefined()
  })

  it('has its older version', async () => {
    const first = plainRows(rows, allTypesSchema)
    expect(rowDifference(first, await rowsHere(path, 0), allTypesSchema)).toBeUndefined()
  })

  it('takes our rows', async () => {
    const more = allTypesRows(1000, 5)
    await (await DeltaTable.open(path)).append(more)
    const all = plainRows([...rows, ...rows, ...more], allTypesSchema)
    expect(rowDifference(all, await session.rowsThere('deltalake', path), allTypesSchema)).toBeUndefined()
  })
})

describe.each(partitionTypes)('a table partitioned by %s that deltalake wrote', (type, values) => {
  const schema: StructJson = {
    type: 'struct',
    fields: [
      { name: 'p', type },
      { name: 'id', type: 'long' },
    ],
  }
  const rows = values.map((value, i) => ({ p: value, id: BigInt(i) }))

  it('has the same rows here', async () => {
    const source = join(session.folder, `source of ${type}`)
    await (await createdHere(source, schema)).append(rows)
    const path = join(session.folder, `theirs by ${type}`)
    const copy = await session.copyOf('pyarrow', source)
    await session.ask('write', { table: path, rows: copy, partition_by: ['p'] })
    expect(rowDifference(plainRows(rows, schema), await rowsHere(path), schema)).toBeUndefined()
  })
})
