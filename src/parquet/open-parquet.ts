import { type RecordBatch, Schema } from 'apache-arrow'
import { fromIpc } from '../arrow/ipc.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { errorText } from '../errors/error-text.js'
import { throwIfAborted } from '../runtime/aborted.js'
import { mapConcurrent } from '../runtime/map-concurrent.js'
import type { ByteSource } from './byte-source.js'
import { type RowGroupTask, rowGroupBytes } from './decode-bundle.js'
import { decodeRowGroup, liveRows, type WantedGroup } from './decode-row-group.js'
import { corrupt, type Footer, keyValues, readFooter } from './footer.js'
import { emptyMiniFile } from './mini-file.js'
import { type ReadNode, readNodes } from './pages/read-node.js'
import type { ParquetFile, ParquetReadOptions, RowGroup } from './parquet-file.js'
import { parquetLeaves } from './parquet-leaf.js'
import { parseSchema, type SchemaNode, selectColumns } from './parquet-schema.js'
import { readRowGroups } from './row-groups.js'
import { runInline } from './run-kernel.js'
import { hintSchema } from './schema-hint.js'
import type { ThriftStruct } from './thrift-type.js'

/** Bytes of row groups, once decoded, that may be on their way at once beside the one that is next. */
const AHEAD_BYTES = 64 << 20
const MAX_AHEAD = 8

/** Reads the footer of a Parquet file: one range request, two for big footers. CorruptData where it is damaged. */
export async function openParquet(source: ByteSource, signal?: AbortSignal): Promise<ParquetFile> {
  const footer = await readFooter(source, signal)
  return fileOf(source, footer)
}

function fileOf(source: ByteSource, footer: Footer): ParquetFile {
  const { columns, rowGroups } = guard(source, () => {
    const parsed = parseSchema(footer.elements)
    return { columns: parsed, rowGroups: readRowGroups(footer, parquetLeaves(parsed)) }
  })
  let whole: Schema | undefined
  return {
    rowGroups,
    numRows: rowGroups.reduce((sum, { numRows }) => sum + numRows, 0),
    metadata: guard(source, () => keyValues(footer)),
    get schema() {
      whole ??= schemaOf(source, footer, columns, readNodes(columns))
      return whole
    },
    async *read(options: ParquetReadOptions = {}) {
      const { signal } = options
      const selected = options.columns === undefined ? columns : selectColumns(columns, options.columns)
      const wanted = options.rowGroups ?? rowGroups.keys()
      const nodes = readNodes(selected)
      const schema = selected.length === 0 ? new Schema([]) : schemaOf(source, footer, selected, nodes)
      // Some writers give no place to the columns of a row group without rows.
      const groups = [...wanted].flatMap((index) =>
        rowGroups[index]?.numRows === 0 ? [] : [wantedGroup(footer, rowGroups, index)],
      )
      const more = { hidden: options.hidden, ...(signal === undefined ? {} : { signal }) }
      const task = { source, footer, columns: selected, nodes, schema, ...more }
      yield* readGroups(task, groups)
    },
  }
}

function wantedGroup({ rowGroups }: Footer, read: readonly RowGroup[], index: number): WantedGroup {
  return { group: rowGroups[index] as ThriftStruct, firstRow: read[index]?.firstRow ?? 0 }
}

async function* readGroups(
  task: RowGroupTask,
  groups: readonly WantedGroup[],
): AsyncGenerator<RecordBatch, void, undefined> {
  if (task.columns.length === 0) {
    for (const group of groups) {
      const live = liveRows(task, group)
      yield batchOf(task.schema, [], live?.reduce((sum, stays) => sum + stays, 0) ?? Number(group.group.field_3))
    }
    return
  }
  const total = groups.reduce((sum, { group }) => sum + rowGroupBytes(task, group), 0)
  const ahead = Math.floor(AHEAD_BYTES / (total / groups.length + 1)) + 1
  const decoded = mapConcurrent(groups, Math.min(ahead, MAX_AHEAD), (group) => decodeRowGroup(task, group, total))
  for await (const batches of decoded) {
    for (const batch of batches) {
      throwIfAborted(task.signal)
      yield batch
    }
  }
}

/** The Arrow schema that some columns of a file read with. */
function schemaOf(
  source: ByteSource,
  footer: Footer,
  columns: readonly SchemaNode[],
  nodes: readonly ReadNode[] | undefined,
): Schema {
  if (nodes !== undefined) return new Schema(nodes.map(({ field }) => field))
  const ipc = guard(source, () => runInline('readSchema', emptyMiniFile(footer, columns)))
  return hintSchema(fromIpc(ipc, source.name).schema, columns)
}

function guard<T>(source: ByteSource, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw corrupt(source.name, errorText(cause), cause)
  }
}
