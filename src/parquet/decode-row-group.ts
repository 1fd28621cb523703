import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { filterOwnBatch } from '../arrow/filter-batch.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { type RowRuns, runsOfMask } from '../arrow/row-runs.js'
import { errorText } from '../errors/error-text.js'
import { bundleColumns, decodeBundle, decodeFlat, type OpenGroup, type RowGroupTask } from './decode-bundle.js'
import { fetchChunks } from './fetch-chunks.js'
import { corrupt } from './footer.js'
import { chunkAt, chunkSizes } from './mini-file.js'
import type { ReadNode } from './pages/read-node.js'
import { leafIndexes } from './parquet-schema.js'
import { paysInKernel } from './run-kernel.js'
import { isSmall, readSmallRowGroup, type StoredChunk } from './small/read/small-row-group.js'
import type { ThriftStruct } from './thrift-type.js'

/** A row group of a file, and the position of its first row in the file. */
export interface WantedGroup {
  readonly group: ThriftStruct
  readonly firstRow: number
}

/** One byte a row, 1 for those that stay. Undefined where all of them may. */
export function liveRows({ hidden }: RowGroupTask, { group, firstRow }: WantedGroup): Uint8Array | undefined {
  return hidden?.mask(firstRow, Number(group.field_3)).map((isHidden) => 1 - isHidden)
}

/** Fetches and decodes columns of one row group. @param expected bytes of all that is read of the file, once decoded. */
export async function decodeRowGroup(
  task: RowGroupTask,
  wanted: WantedGroup,
  expected: number,
): Promise<RecordBatch[]> {
  const open = openGroup(task, wanted.group, expected)
  const live = liveRows(task, wanted)
  const runs = live && runsOfMask(live, live.length)
  if (live === undefined || runs === undefined || runs.total === live.length) return decodeAll(task, open)
  if (runs.total === 0) return []
  // The flat decoder leaves rows out by the way, where it knows all columns.
  return (await decodeRuns(task, open, runs)) ?? filterBatches(await decodeAll(task, open), live)
}

function openGroup(task: RowGroupTask, group: ThriftStruct, expected: number): OpenGroup {
  const { source, columns, signal } = task
  const chunks = leafIndexes(columns).map((leaf) => ({ leaf, ...chunkAt(group, leaf, source) }))
  const spans = chunks.map(({ span }) => span)
  return { group, chunks, bytesOf: fetchChunks(source, spans, signal), numRows: Number(group.field_3), expected }
}

async function decodeAll(task: RowGroupTask, open: OpenGroup): Promise<RecordBatch[]> {
  const { nodes, columns } = task
  const { group, chunks, bytesOf, numRows } = open
  const stored = chunks.map(({ chunk }) => chunk.field_3 as ThriftStruct)
  if (nodes !== undefined && isSmall(stored) && !paysInKernel(chunkSizes(group, columns).unpacked)) {
    const bytes = await Promise.all(chunks.map(({ span }) => bytesOf(span)))
    const byLeaf = new Map(chunks.map(({ leaf }, i) => [leaf, { metaData: stored[i], bytes: bytes[i] } as StoredChunk]))
    return [decodeHere(task, nodes, numRows, byLeaf)]
  }
  const parts = await Promise.all(bundleColumns(task, group).map((bundle) => decodeBundle(task, open, bundle)))
  return joinColumns(task, parts, numRows)
}

/** Undefined where the rows that are not wanted have to be left out afterwards. */
async function decodeRuns(task: RowGroupTask, open: OpenGroup, runs: RowRuns): Promise<RecordBatch[] | undefined> {
  const bundles = bundleColumns(task, open.group)
  if (bundles.some(({ flat }) => flat === undefined)) return undefined
  const parts = await Promise.all(bundles.map((bundle) => decodeFlat(task, open, bundle, runs)))
  return parts.includes(undefined) ? undefined : joinColumns(task, parts as RecordBatch[][], runs.total)
}

function joinColumns(
  { source, schema }: RowGroupTask,
  parts: readonly (readonly RecordBatch[])[],
  numRows: number,
): RecordBatch[] {
  const [first, ...rest] = parts as [RecordBatch[], ...RecordBatch[][]]
  const rows = first.reduce((sum, batch) => sum + batch.numRows, 0)
  if (rows !== numRows) throw corrupt(source.name, `a row group has ${rows} of ${numRows} rows`)
  if (rest.length === 0) return first
  return first.map((batch, i) => {
    const columns = parts.flatMap((part) => {
      const other = part[i]
      if (other?.numRows !== batch.numRows) throw corrupt(source.name, 'its columns differ in length')
      return other.data.children as Column[]
    })
    return batchOf(schema, columns, batch.numRows)
  })
}

function filterBatches(batches: readonly RecordBatch[], live: Uint8Array): RecordBatch[] {
  let row = 0
  return batches.map((batch) => {
    const from = row
    row += batch.numRows
    return filterOwnBatch(batch, live.subarray(from, row))
  })
}

/** Without the kernel. */
function decodeHere(
  { source, schema }: RowGroupTask,
  nodes: readonly ReadNode[],
  numRows: number,
  chunks: ReadonlyMap<number, StoredChunk>,
): RecordBatch {
  try {
    return readSmallRowGroup(schema, nodes, numRows, ({ index }) => chunks.get(index) as StoredChunk)
  } catch (cause) {
    throw corrupt(source.name, errorText(cause), cause)
  }
}
