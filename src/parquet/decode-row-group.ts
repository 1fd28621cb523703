import { type Field, type RecordBatch, Schema } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import { uninitializedBytes } from '../runtime/uninitialized-bytes.js'
import type { ByteSource } from './byte-source.js'
import { columnLayouts, importBatches } from './column-layout.js'
import { type ChunkBytes, fetchChunks } from './fetch-chunks.js'
import { type FlatChunk, flatChunk, placedChunks } from './flat/flat-column.js'
import { corrupt, type Footer } from './footer.js'
import type { ColumnLayout, DecodedBatches } from './kernel.js'
import { assembledMiniFile, chunkAt, chunkSizes, fetchMiniFile, type MiniFile, miniFile } from './mini-file.js'
import type { ReadNode } from './pages/read-node.js'
import { leafIndexes, type SchemaNode } from './parquet-schema.js'
import { decodeFlatInline, decodeFromDisk, paysInKernel, paysInWorkers, runInline, runInWorker } from './run-kernel.js'
import { schemaHint } from './schema-hint.js'
import { isSmall, readSmallRowGroup, type StoredChunk } from './small/read/small-row-group.js'
import type { ThriftStruct } from './thrift-type.js'

/** Rows of a batch. */
const BATCH_ROWS = 1 << 16
/** Columns go to the decoder in bundles of about so many bytes once decoded: workers share them out, and small buffers leave less of memory in pieces. */
const BUNDLE_BYTES = 2 << 20

/** What is read of each row group of a file. */
export interface RowGroupTask {
  readonly source: ByteSource
  readonly footer: Footer
  /** At least one. */
  readonly columns: readonly SchemaNode[]
  /** The columns where they can be read without the kernel. */
  readonly nodes: readonly ReadNode[] | undefined
  /** Of the columns. */
  readonly schema: Schema
  readonly signal?: AbortSignal
}

/** Fetches and decodes columns of one row group. @param expected bytes of all that is read of the file, once decoded. */
export async function decodeRowGroup(
  task: RowGroupTask,
  group: ThriftStruct,
  expected: number,
): Promise<RecordBatch[]> {
  const { source, columns, nodes, signal } = task
  const chunks = leafIndexes(columns).map((leaf) => ({ leaf, ...chunkAt(group, leaf, source) }))
  const bytesOf = fetchChunks(
    source,
    chunks.map(({ span }) => span),
    signal,
  )
  const stored = chunks.map(({ chunk }) => chunk.field_3 as ThriftStruct)
  if (nodes !== undefined && isSmall(stored) && !paysInKernel(chunkSizes(group, columns).unpacked)) {
    const bytes = await Promise.all(chunks.map(({ span }) => bytesOf(span)))
    const byLeaf = new Map(chunks.map(({ leaf }, i) => [leaf, { metaData: stored[i], bytes: bytes[i] } as StoredChunk]))
    return [decodeHere(task, nodes, Number(group.field_3), byLeaf)]
  }
  const bundles = bundleColumns(task, group)
  const parts = await Promise.all(bundles.map((bundle) => decodeBundle(task, group, bundle, bytesOf, expected)))
  const [first, ...rest] = parts as [RecordBatch[], ...RecordBatch[][]]
  const rows = first.reduce((sum, batch) => sum + batch.numRows, 0)
  if (rows !== Number(group.field_3))
    throw corrupt(task.source.name, `a row group has ${rows} of ${group.field_3} rows`)
  if (rest.length === 0) return first
  return first.map((batch, i) => {
    const columns = parts.flatMap((part) => {
      const other = part[i]
      if (other?.numRows !== batch.numRows) throw corrupt(task.source.name, 'its columns differ in length')
      return other.data.children as Column[]
    })
    return batchOf(task.schema, columns, batch.numRows)
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

/** Columns that are decoded at a time, by the flat decoder where it knows all of them. */
interface Bundle {
  readonly columns: SchemaNode[]
  readonly fields: Schema['fields']
  readonly flat: FlatChunk[] | undefined
  bytes: number
}

/** About what the columns of a row group take once decoded. */
export function rowGroupBytes({ columns, schema }: RowGroupTask, group: ThriftStruct): number {
  return columns.reduce((sum, column, i) => sum + decodedBytes(group, column, schema.fields[i] as Field), 0)
}

/** Dictionaries make less of a column in the file. */
function decodedBytes(group: ThriftStruct, column: SchemaNode, field: Field): number {
  const { stride = 1, BYTES_PER_ELEMENT = 4 } = field.type.ArrayType as { stride?: number; BYTES_PER_ELEMENT?: number }
  return Math.max(chunkSizes(group, [column]).unpacked, Number(group.field_3) * stride * BYTES_PER_ELEMENT)
}

/** Neighbouring columns together, in the order of the file. */
function bundleColumns({ source, columns, nodes, schema }: RowGroupTask, group: ThriftStruct): Bundle[] {
  const bundles: Bundle[] = []
  columns.forEach((column, i) => {
    const field = schema.fields[i] as Field
    const bytes = decodedBytes(group, column, field)
    const flat = flatChunk(group, nodes?.[i], source)
    const last = bundles.at(-1)
    const isAlike = (last?.flat === undefined) === (flat === undefined)
    if (last !== undefined && isAlike && last.bytes + bytes <= BUNDLE_BYTES) {
      last.columns.push(column)
      last.fields.push(field)
      if (flat !== undefined) last.flat?.push(flat)
      last.bytes += bytes
    } else bundles.push({ columns: [column], fields: [field], flat: flat && [flat], bytes })
  })
  return bundles
}

async function decodeBundle(
  task: RowGroupTask,
  group: ThriftStruct,
  bundle: Bundle,
  bytesOf: ChunkBytes,
  expected: number,
): Promise<RecordBatch[]> {
  const { source, footer } = task
  const { columns, fields, flat, bytes } = bundle
  const schema = new Schema(fields)
  const inWorker = paysInWorkers(bytes, expected)
  try {
    const decoded =
      (flat && (await decodeFlat(task, flat, Number(group.field_3), bytesOf, inWorker))) ??
      (await decodeByKernel(
        task,
        miniFile(source, footer, group, columns, schemaHint(schema, columns)),
        columnLayouts(fields),
        bytesOf,
        inWorker,
      ))
    return importBatches(schema, decoded)
  } catch (cause) {
    if (isDeltaError(cause)) throw cause
    throw corrupt(source.name, errorText(cause), cause)
  }
}

/** Undefined where the kernel is to find out what is wrong with the columns. */
async function decodeFlat(
  { source: { localPath }, signal }: RowGroupTask,
  chunks: readonly FlatChunk[],
  rows: number,
  bytesOf: ChunkBytes,
  inWorker: boolean,
): Promise<DecodedBatches | undefined> {
  const { size, columns, ranges } = placedChunks(chunks)
  if (inWorker && localPath !== undefined) {
    const file = { path: localPath, size, ranges, pieces: [] }
    return decodeFromDisk('decodeFlat', file, [columns, rows, BATCH_ROWS], signal)
  }
  const bytes = uninitializedBytes(size)
  for (const { start, end, at } of ranges) bytes.set(await bytesOf({ start, end }), at)
  return inWorker
    ? runInWorker('decodeFlat', [bytes, columns, rows, BATCH_ROWS], [bytes.buffer], signal)
    : decodeFlatInline(bytes, columns, rows, BATCH_ROWS)
}

async function decodeByKernel(
  { source: { localPath }, signal }: RowGroupTask,
  mini: MiniFile,
  layouts: readonly ColumnLayout[],
  bytesOf: ChunkBytes,
  inWorker: boolean,
): Promise<DecodedBatches> {
  if (inWorker && localPath !== undefined) {
    const decoded = await decodeFromDisk('decode', assembledMiniFile(localPath, mini), [layouts, BATCH_ROWS], signal)
    if (decoded !== undefined) return decoded
  }
  const file = await fetchMiniFile(mini, bytesOf)
  return inWorker
    ? runInWorker('decode', [file, layouts, BATCH_ROWS], [file.buffer], signal)
    : runInline('decode', file, layouts, BATCH_ROWS)
}
