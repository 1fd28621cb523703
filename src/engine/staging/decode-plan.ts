import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import { arrowSchema, arrowType } from '../../arrow/arrow-schema.js'
import { type Column, makeColumn } from '../../arrow/column.js'
import { batchOf } from '../../arrow/relabel-batch.js'
import { readScan } from '../../data-files/read-scan.js'
import { encodeParquet } from '../../parquet/encode-parquet.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { StructField } from '../../schema/data-type.js'
import { jsonColumn, jsonField } from './json-column.js'
import type { StagedTable } from './staged-table.js'
import type { StagingOptions } from './stager.js'

/** A further column of the files: the position of the row among all rows of the plan, from 0. */
export const POSITION_COLUMN = 'position among the rows of the plan'

/** Its field: no part of any table's schema. */
export const POSITION_FIELD: StructField = {
  name: POSITION_COLUMN,
  dataType: { type: 'long' },
  nullable: false,
  metadata: {},
}

/** Rows of an intermediate file. */
const FILE_ROWS = 131_072

/**
 * Reads a plan through the Arrow path into Parquet files that hold the plan's columns under their logical names, partition values and
 * all: for what DuckDB would read with loss. Variants become JSON text.
 * @param plan without an opaque predicate
 */
export async function decodePlan(plan: ScanPlan, parent: string, options: StagingOptions): Promise<StagedTable> {
  const directory = join(parent, `decoded-${randomUUID()}`)
  await mkdir(directory, { recursive: true })
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true })
  try {
    const files = await writePlan(plan, directory, options)
    return {
      files: files.map((localPath) => ({ localPath, partitionValues: {} })),
      directories: new Set([await realpath(directory)]),
      availableColumns: new Set([...plan.schema.fields, POSITION_FIELD].map(({ name }) => name)),
      release: () => void remove(),
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function writePlan(plan: ScanPlan, directory: string, options: StagingOptions): Promise<string[]> {
  const { fields } = plan.schema
  const schema = arrowSchema({ type: 'struct', fields: [...fields.map(jsonField), POSITION_FIELD] })
  const files: string[] = []
  let pending: RecordBatch[] = []
  let rows = 0
  let total = 0
  const flush = async (): Promise<void> => {
    if (rows === 0) return
    const path = join(directory, `${files.length}.parquet`)
    await writeFile(path, await encodeParquet(pending, { schema, ...(options.signal && { signal: options.signal }) }))
    files.push(path)
    pending = []
    rows = 0
  }
  for await (const batch of readScan(plan, options)) {
    const columns = fields.map(({ dataType }, i) => jsonColumn(batch.data.children[i] as Column, dataType))
    pending.push(batchOf(schema, [...columns, positions(total, batch.numRows)], batch.numRows))
    rows += batch.numRows
    total += batch.numRows
    if (rows >= FILE_ROWS) await flush()
  }
  await flush()
  return files
}

function positions(first: number, length: number): Column {
  const values = BigInt64Array.from({ length }, (_, row) => BigInt(first + row))
  return makeColumn(arrowType(POSITION_FIELD.dataType), { length, values })
}
