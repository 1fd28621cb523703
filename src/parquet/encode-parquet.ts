import type { RecordBatch } from 'apache-arrow'
import { ParquetWriter, type ParquetWriterOptions } from './parquet-writer.js'

export type EncodeParquetOptions = ParquetWriterOptions

/** Encodes batches as one Parquet file: see {@link ParquetWriter}. */
export async function encodeParquet(
  batches: Iterable<RecordBatch>,
  options: EncodeParquetOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ParquetWriter(options)
  for (const batch of batches) await writer.add(batch)
  return writer.finish()
}
