import type { RecordBatch } from 'apache-arrow'
import * as wasm from 'parquet-wasm/node'
import { toIpc } from '../../src/arrow/ipc.js'
import { encodeSmallFile } from '../../src/parquet/small/write/small-file.js'

/** Who writes a Parquet file, and how. */
export const PARQUET_WRITERS = ['ours', 'version 1', 'version 2', 'small pages'] as const

export type ParquetWriterName = (typeof PARQUET_WRITERS)[number]

/** A Parquet file of one row group, as one of several writers makes it: with and without dictionaries and compression, with pages of both versions. */
export function parquetFile(batch: RecordBatch, writer: ParquetWriterName, compressed: boolean): Uint8Array {
  return writer === 'ours' ? byUs(batch, compressed) : byWasm(batch, writer, compressed)
}

function byUs(batch: RecordBatch, compressed: boolean): Uint8Array {
  const compression = compressed ? 'snappy' : 'uncompressed'
  const bytes = encodeSmallFile(batch.schema, [batch], { compression, createdBy: 'test' })
  if (bytes === undefined) throw new Error('These types were not known.')
  return bytes
}

function byWasm(batch: RecordBatch, writer: ParquetWriterName, compressed: boolean): Uint8Array {
  let properties = new wasm.WriterPropertiesBuilder()
    .setCompression(compressed ? wasm.Compression.SNAPPY : wasm.Compression.UNCOMPRESSED)
    .setWriterVersion(writer === 'version 2' ? wasm.WriterVersion.V2 : wasm.WriterVersion.V1)
  if (writer === 'small pages') properties = properties.setDataPageSizeLimit(64).setWriteBatchSize(8)
  return wasm.writeParquet(wasm.Table.fromIPCStream(toIpc(batch.schema, [batch])), properties.build())
}
