import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable } from '../../src/index.js'
import { rowDifference } from '../conformance/row-difference.js'
import type { StructJson } from '../conformance/schema-json.js'
import { withoutCommits } from './log-files.js'
import { createdHere, folderName, PeerSession, peerReaders, rowsHere } from './peer-session.js'
import { plainRows } from './row-values.js'

const schema: StructJson = {
  type: 'struct',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'kind', type: 'string' },
  ],
}

let session: PeerSession
beforeAll(async () => {
  session = await PeerSession.open()
})
afterAll(() => session.close())

describe.each([{ partitionBy: [] }, { partitionBy: ['kind'] }])('a table by $partitionBy', ({ partitionBy }) => {
  it('takes ten commits from us and from deltalake in turn', async () => {
    const path = join(session.folder, folderName(`in turn ${partitionBy.join()}`))
    const table = await createdHere(path, schema, partitionBy)
    const rows: { id: bigint; kind: string | null }[] = []
    for (let commit = 0; commit < 10; commit++) {
      const some = Array.from({ length: 7 }, (_, i) => ({
        id: BigInt(commit * 100 + i),
        kind: i === 0 ? null : `k${i % 3}`,
      }))
      rows.push(...some)
      if (commit % 2 === 0) await table.append(some)
      else await session.ask('write', { table: path, rows: await session.parquetOf(selectOf(some)) })
      expect(rowDifference(plainRows(rows, schema), await rowsHere(path), schema)).toBeUndefined()
    }
    for (const reader of peerReaders) {
      const there = await session.rowsThere(reader, path)
      expect([reader, rowDifference(plainRows(rows, schema), there, schema)]).toEqual([reader, undefined])
    }
    expect((await (await DeltaTable.open(path)).detail()).version).toBe(10)
  })
})

describe('a checkpoint', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ id: BigInt(i), kind: `k${i % 4}` }))

  it('of ours is enough for every reader', async () => {
    const path = join(session.folder, 'our-checkpoint')
    const table = await createdHere(path, schema, ['kind'])
    await table.append(rows)
    await table.checkpoint()
    await withoutCommits(path)
    for (const reader of peerReaders) {
      const there = await session.rowsThere(reader, path)
      expect([reader, rowDifference(plainRows(rows, schema), there, schema)]).toEqual([reader, undefined])
    }
  })

  it('of deltalake is enough for us', async () => {
    const path = join(session.folder, 'their-checkpoint')
    const file = await session.parquetOf(selectOf(rows))
    await session.ask('write', { table: path, rows: file, partition_by: ['kind'] })
    await session.ask('checkpoint', { table: path })
    await withoutCommits(path)
    expect(rowDifference(plainRows(rows, schema), await rowsHere(path), schema)).toBeUndefined()
  })
})

describe('upkeep', () => {
  it('of ours is seen by every reader: compaction keeps the rows, a restore brings back the old ones', async () => {
    const path = join(session.folder, 'our-upkeep')
    const table = await createdHere(path, schema)
    const first = [{ id: 1n, kind: 'a' }]
    const second = [{ id: 2n, kind: null }]
    await table.append(first)
    await table.append(second)
    await table.optimize()
    for (const reader of peerReaders) {
      const there = await session.rowsThere(reader, path)
      const expected = plainRows([...first, ...second], schema)
      expect([reader, rowDifference(expected, there, schema)]).toEqual([reader, undefined])
    }
    await table.restore({ version: 1 })
    for (const reader of peerReaders) {
      const there = await session.rowsThere(reader, path)
      expect([reader, rowDifference(plainRows(first, schema), there, schema)]).toEqual([reader, undefined])
    }
  })

  it('of deltalake is seen by us', async () => {
    const path = join(session.folder, 'their-upkeep')
    const first = [{ id: 1n, kind: 'a' }]
    const second = [{ id: 2n, kind: 'b' }]
    for (const rows of [first, second]) {
      await session.ask('write', { table: path, rows: await session.parquetOf(selectOf(rows)) })
    }
    expect(await session.ask('optimize', { table: path })).toEqual({ removed: 2 })
    expect(rowDifference(plainRows([...first, ...second], schema), await rowsHere(path), schema)).toBeUndefined()
    await session.ask('restore', { table: path, version: 0 })
    expect(rowDifference(plainRows(first, schema), await rowsHere(path), schema)).toBeUndefined()
  })
})

function selectOf(rows: readonly { id: bigint; kind: string | null }[]): string {
  const tuples = rows.map(({ id, kind }) => `(${id}::BIGINT, ${kind === null ? 'NULL' : `'${kind}'`}::VARCHAR)`)
  return `SELECT * FROM (VALUES ${tuples.join(', ')}) rows(id, kind)`
}
