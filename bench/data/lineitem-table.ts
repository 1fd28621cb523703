import { rm } from 'node:fs/promises'
import { DeltaTable, date, decimal, files, integer, long, type StructType, string, struct } from '../../src/index.js'
import { AS_DELTALAKE } from './as-deltalake.js'

/** TPC-H lineitem. */
export const lineitemSchema: StructType = struct({
  l_orderkey: long(),
  l_partkey: long(),
  l_suppkey: long(),
  l_linenumber: integer(),
  l_quantity: decimal(15, 2),
  l_extendedprice: decimal(15, 2),
  l_discount: decimal(15, 2),
  l_tax: decimal(15, 2),
  l_returnflag: string(),
  l_linestatus: string(),
  l_shipdate: date(),
  l_commitdate: date(),
  l_receiptdate: date(),
  l_shipinstruct: string(),
  l_shipmode: string(),
  l_comment: string(),
})

/** A new table with the rows of a Parquet file of lineitem, in place of what was there. */
export async function loadLineitem(path: string, file: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  const table = await DeltaTable.create(path, { schema: lineitemSchema, storage: AS_DELTALAKE })
  await table.append(files(file))
}
