import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, long, string, struct } from '../../src/index.js'
import { verifyChecksum } from '../../src/snapshot/verify-checksum.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { PlainRows } from '../conformance/plain-value.js'
import { rowDifference } from '../conformance/row-difference.js'
import type { StructJson } from '../conformance/schema-json.js'
import { allTypesRows, allTypesSchema } from './all-types.js'
import { withoutCommits } from './log-files.js'
import { partitionTypes } from './partition-types.js'
import type { PeerProcess } from './peer-process.js'
import { createdHere, PeerSession, rowsHere } from './peer-session.js'
import { plainRows } from './row-values.js'
import { openSpark, sparkWanted } from './spark-session.js'

describe.runIf(sparkWanted)('Spark', () => {
  let session: PeerSession
  let spark: PeerProcess

  beforeAll(async () => {
    session = await PeerSession.open()
    spark = openSpark()
  })

  afterAll(async () => {
    await spark.close()
    await session.close()
  })

  it('reads our table of all types, from our checkpoint', async () => {
    const path = join(session.folder, 'for spark')
    const rows = allTypesRows(0, 40)
    const table = await createdHere(path, allTypesSchema)
    await table.append(rows.slice(0, 20))
    await table.append(rows.slice(20))
    await table.checkpoint()
    await withoutCommits(path, 1)
    expect(rowDifference(plainRows(rows, allTypesSchema), await rowsInSpark(path), allTypesSchema)).toBeUndefined()
  })

  it('reads small files of all types that became one here', async () => {
    const path = join(session.folder, 'compacted for spark')
    const parts = [0, 15, 0, 30, 3, 0].map((from) => allTypesRows(from, 20))
    const table = await createdHere(path, allTypesSchema)
    for (const rows of parts) await table.append(rows)
    await table.optimize()
    expect(
      rowDifference(plainRows(parts.flat(), allTypesSchema), await rowsInSpark(path), allTypesSchema),
    ).toBeUndefined()
  })

  it.each(partitionTypes)('reads our partitions by %s', async (type, values) => {
    const schema: StructJson = {
      type: 'struct',
      fields: [
        { name: 'p', type },
        { name: 'id', type: 'long' },
      ],
    }
    const rows = values.map((value, i) => ({ p: value, id: BigInt(i) }))
    const path = join(session.folder, `by ${type} for spark`)
    await (await createdHere(path, schema, ['p'])).append(rows)
    expect(rowDifference(plainRows(rows, schema), await rowsInSpark(path), schema)).toBeUndefined()
  })

  it('writes what we read, after a compaction and a restore of ours', async () => {
    const path = join(session.folder, 'with spark')
    const schema: StructJson = {
      type: 'struct',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'kind', type: 'string' },
      ],
    }
    const table = await createdHere(path, schema)
    const rows = [
      { id: 1n, kind: 'a' },
      { id: 2n, kind: null },
    ]
    for (const row of rows) await table.append([row])
    await table.optimize()
    await spark.ask({ sql: `INSERT INTO ${delta(path)} VALUES (3, 'spark')` })
    const all = plainRows([...rows, { id: 3n, kind: 'spark' }], schema)
    expect(rowDifference(all, await rowsHere(path), schema)).toBeUndefined()
    await table.restore({ version: 2 })
    expect(rowDifference(plainRows(rows, schema), await rowsInSpark(path), schema)).toBeUndefined()
  })

  it.each(['classic', 'v2'])(
    'goes on from our checksums, log compactions, deletion vectors and %s checkpoints',
    async (policy) => {
      const path = join(session.folder, `maintained ${policy}`)
      const schema = struct({ id: long().notNull(), kind: string() })
      const table = await DeltaTable.create(path, {
        schema,
        properties: {
          'lakewright.writeChecksums': 'commits',
          'lakewright.logCompactionInterval': '3',
          'delta.checkpointInterval': '5',
          'delta.checkpointPolicy': policy,
          'delta.checkpoint.writeStatsAsStruct': 'true',
          'delta.enableDeletionVectors': 'true',
          'delta.enableRowTracking': 'true',
          'delta.setTransactionRetentionDuration': 'interval 7 days',
        },
      })
      for (let i = 0; i < 6; i++) {
        await table.append(
          [0, 1, 2].map((n) => ({ id: BigInt(3 * i + n), kind: `k${n}` })),
          { txn: { appId: 'loader', version: i } },
        )
      }
      await table.delete('id = 4')
      await spark.ask({ sql: `INSERT INTO ${delta(path)} VALUES (100, 'spark')` })
      await spark.ask({ sql: `DELETE FROM ${delta(path)} WHERE id = 7` })
      await table.refresh()
      await table.append([{ id: 101n, kind: null }])
      const expected = [...Array(18).keys()].filter((id) => id !== 4 && id !== 7).concat(100, 101)
      const here = (await table.rows()).map(({ id }) => Number(id)).sort((a, b) => a - b)
      expect(here).toEqual(expected)
      const { rows: there } = await rowsInSpark(path)
      expect(there.map(([id]) => Number(id)).sort((a, b) => a - b)).toEqual(expected)
      // Those of Spark, too, say what the log says: it built them on ours.
      const location = await openTableLocation(path)
      for (let version = 1; version <= table.version; version++)
        expect(await verifyChecksum(location, version)).toBe(true)
    },
  )

  async function rowsInSpark(path: string): Promise<PlainRows> {
    const out = session.newFile()
    await spark.ask({ sql: `SELECT * FROM ${delta(path)}`, out })
    return session.rowsOf(out)
  }
})

function delta(path: string): string {
  return `delta.\`${path.replaceAll('`', '``')}\``
}
