import { join } from 'node:path'
import { DeltaTable, files } from '../../src/index.js'
import type { DataRequest } from '../benchmark.js'
import { cached } from './cached.js'
import { duckdbRun } from './duckdb-run.js'
import { lineitemFile } from './lineitem.js'
import { lineitemSchema } from './lineitem-table.js'

/** Tables of lineitem to change, and rows to change them by. */
export interface ChangedLineitem {
  /** Ours: with deletion vectors, if it is asked for. */
  readonly table: string
  /** The same rows without deletion vectors, which deltalake does not know. */
  readonly plain: string
  /** A Parquet file of rows: updates of some rows of the table, and new ones. */
  readonly source: string
}

export interface ChangeRequest extends DataRequest {
  readonly deletionVectors: boolean
  /** Rows of the table that the source updates: one in so many. */
  readonly updateOneIn: number
  /** New rows in the source. */
  readonly inserts: number
  /** Copies of lineitem in the table, with keys of their own, in two files each. Default: 1. */
  readonly copies?: number
}

/** Keys of copies, and of new rows, lie this far apart. */
const KEY_STEP = 100_000_000

export async function changedLineitem(request: ChangeRequest): Promise<ChangedLineitem> {
  const { deletionVectors, copies = 1 } = request
  const plain = await tableOf(request, copies, false)
  return {
    plain,
    table: deletionVectors ? await tableOf(request, copies, true) : plain,
    source: await sourceOf(request),
  }
}

async function tableOf(request: DataRequest, copies: number, deletionVectors: boolean): Promise<string> {
  const lineitem = await lineitemFile(request)
  const name = `lineitem-x${copies}${deletionVectors ? '-vectors' : ''}`
  return cached(request.cache, name, async (path) => {
    const properties = { 'delta.enableDeletionVectors': String(deletionVectors) }
    const table = await DeltaTable.create(path, { schema: lineitemSchema, properties })
    for (let copy = 0; copy < copies; copy++) {
      const part = join(request.cache, 'copy.parquet')
      await duckdbRun(`COPY (${shifted(lineitem, copy)}) TO '${part}' (FORMAT parquet)`)
      await table.append(files(part))
    }
  })
}

function shifted(lineitem: string, copy: number): string {
  return `SELECT * REPLACE (l_orderkey + ${copy * KEY_STEP} AS l_orderkey) FROM read_parquet('${lineitem}')`
}

async function sourceOf({ updateOneIn, inserts, copies = 1, ...request }: ChangeRequest): Promise<string> {
  const lineitem = await lineitemFile(request)
  return cached(request.cache, `source-${updateOneIn}-${inserts}-x${copies}.parquet`, async (path) => {
    const all = Array.from({ length: copies }, (_, copy) => shifted(lineitem, copy)).join(' UNION ALL ')
    const updates = `SELECT * REPLACE (CAST(l_tax + 0.01 AS DECIMAL(15, 2)) AS l_tax) FROM (${all}) WHERE hash(l_orderkey, l_linenumber) % ${updateOneIn} = 0`
    const added = `FROM (${shifted(lineitem, copies)} LIMIT ${inserts})`
    await duckdbRun(`COPY (${updates} UNION ALL ${added}) TO '${path}' (FORMAT parquet)`)
  })
}
