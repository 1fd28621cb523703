import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../../arrow/column.js'
import { batchOf } from '../../arrow/relabel-batch.js'
import { fileLayout } from '../../data-files/file-layout.js'
import { readScan } from '../../data-files/read-scan.js'
import { DEFAULT_FILE_SIZE, type WriteTarget } from '../../data-files/write-target.js'
import { encodeParquet } from '../../parquet/encode-parquet.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { isMetadataColumn, withMetadataColumn } from '../../scan/metadata-column.js'
import type { StructType } from '../../schema/data-type.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { StagingOptions } from './stager.js'

/** Arrow bytes that make a Parquet byte, about. */
const EXPANSION = 2

/** A file written, and how many rows it has. */
export interface RewrittenFile {
  readonly localPath: string
  readonly size: number
  readonly numRows: number
}

/**
 * Rewrites files of one partition through the Arrow path, in order: for what DuckDB would read with loss.
 * @param target without partition columns; fields behind those of `schema` are the row ids and commit versions
 */
export async function rewriteDecoded(
  snapshot: Snapshot,
  files: readonly AddFile[],
  schema: StructType,
  target: WriteTarget,
  directory: string,
  options: StagingOptions,
): Promise<RewrittenFile[]> {
  const { arrow } = fileLayout(target)
  const tracked = target.schema.fields.length > schema.fields.length
  const read = tracked ? withMetadataColumn(schema, snapshot, ['_metadata']) : schema
  const counts = { total: files.length, kept: files.length, prunedByPartition: 0, prunedByStatistics: 0 }
  const plan = { snapshot, schema: read, readSchema: read, counts, files: () => files }
  const written: RewrittenFile[] = []
  let pending: RecordBatch[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return
    const numRows = pending.reduce((sum, batch) => sum + batch.numRows, 0)
    const { compression, rowGroupRows } = target
    const parquet = await encodeParquet(pending, {
      schema: arrow,
      ...(compression && { compression }),
      ...(rowGroupRows && { rowGroupRows }),
      ...(options.signal && { signal: options.signal }),
    })
    const localPath = join(directory, `${written.length}.parquet`)
    await writeFile(localPath, parquet)
    written.push({ localPath, size: parquet.byteLength, numRows })
    pending = []
    bytes = 0
  }
  for await (const batch of readScan(plan, options)) {
    const columns = read.fields.flatMap((field, i) => {
      const column = batch.data.children[i] as Column
      if (isMetadataColumn(field)) return column.children as Column[]
      return field.dataType.type === 'void' ? [] : [column]
    })
    pending.push(batchOf(arrow, columns, batch.numRows))
    bytes += columns.reduce((sum, column) => sum + column.byteLength, 0)
    if (bytes >= (target.targetFileSize ?? DEFAULT_FILE_SIZE) * EXPANSION) await flush()
  }
  await flush()
  return written
}
