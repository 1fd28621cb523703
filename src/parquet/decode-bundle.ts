import { type Field, type RecordBatch, Schema } from 'apache-arrow'
import type { RowRuns } from '../arrow/row-runs.js'
import { isDeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { RowSet } from '../protocol/deletion-vector/row-set.js'
import type { ByteSource } from './byte-source.js'
import { columnLayouts, importBatches } from './column-layout.js'
import { decodeAssembled } from './decode-assembled.js'
import type { ChunkBytes, ChunkSpan } from './fetch-chunks.js'
import { type FlatChunk, flatChunk, placedChunks } from './flat/flat-column.js'
import { corrupt, type Footer } from './footer.js'
import type { DecodedBatches } from './kernel.js'
import { chunkSizes, miniFile } from './mini-file.js'
import type { ReadNode } from './pages/read-node.js'
import type { SchemaNode } from './parquet-schema.js'
import type { Decoding } from './run-kernel.js'
import { schemaHint } from './schema-hint.js'
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
  /** Rows of the file that are left out. */
  readonly hidden?: RowSet | undefined
  readonly signal?: AbortSignal
}

/** A row group that is being read. */
export interface OpenGroup {
  readonly group: ThriftStruct
  readonly numRows: number
  /** Of all columns that are read. */
  readonly chunks: readonly { readonly leaf: number; readonly chunk: ThriftStruct; readonly span: ChunkSpan }[]
  readonly bytesOf: ChunkBytes
  /** Bytes of all that is read of the file, once decoded. */
  readonly expected: number
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
export function bundleColumns({ source, columns, nodes, schema }: RowGroupTask, group: ThriftStruct): Bundle[] {
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

export async function decodeBundle(task: RowGroupTask, open: OpenGroup, bundle: Bundle): Promise<RecordBatch[]> {
  return (await decodeFlat(task, open, bundle)) ?? decodeByKernel(task, open, bundle)
}

/**
 * Decodes a bundle, or some runs of its rows, without the kernel.
 * @returns undefined where that cannot be done, or the kernel is to find out what is wrong with the columns
 */
export async function decodeFlat(
  task: RowGroupTask,
  open: OpenGroup,
  { flat, fields, bytes }: Bundle,
  runs?: RowRuns,
): Promise<RecordBatch[] | undefined> {
  if (flat === undefined) return undefined
  const { assembly, columns } = placedChunks(flat)
  const rows = { rows: open.numRows, ...(runs && { runs: pairsOf(runs) }) }
  const decoding: Decoding = { method: 'decodeFlat', args: [columns, rows, BATCH_ROWS] }
  const decoded = await decodeAssembled(assembly, decoding, sourceOf(task, open, bytes))
  return decoded && importBatches(new Schema(fields), decoded)
}

function sourceOf({ source: { localPath }, signal }: RowGroupTask, { bytesOf, expected }: OpenGroup, bytes: number) {
  return { localPath, bytesOf, bytes, expected, signal }
}

/** First row and number of rows of each run. */
function pairsOf({ starts, lengths, count }: RowRuns): Int32Array {
  const pairs = new Int32Array(count * 2)
  for (let i = 0; i < count; i++) {
    pairs[i * 2] = starts[i] as number
    pairs[i * 2 + 1] = lengths[i] as number
  }
  return pairs
}

async function decodeByKernel(
  task: RowGroupTask,
  open: OpenGroup,
  { columns, fields, bytes }: Bundle,
): Promise<RecordBatch[]> {
  const { source, footer } = task
  const schema = new Schema(fields)
  try {
    const mini = miniFile(source, footer, open.group, columns, schemaHint(schema, columns))
    const decoding: Decoding = { method: 'decode', args: [columnLayouts(fields), BATCH_ROWS] }
    const decoded = await decodeAssembled(mini, decoding, sourceOf(task, open, bytes))
    return importBatches(schema, decoded as DecodedBatches)
  } catch (cause) {
    if (isDeltaError(cause)) throw cause
    throw corrupt(source.name, errorText(cause), cause)
  }
}
