import type { WriteTarget } from '../../data-files/write-target.js'
import type { Metadata } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import {
  PARQUET_COMPRESSION_CODEC,
  TARGET_FILE_SIZE,
  WRITE_PARTITION_COLUMNS_TO_PARQUET,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { byteCount } from './byte-count.js'

export interface FileSizing {
  /** Bytes, or text as in `128MB`. Default: the table's `delta.targetFileSize`, else 128 MiB. */
  readonly targetFileSize?: number | string | undefined
}

/** What new data files of a table look like, by its protocol and metadata and the caller's options. */
export function newFilesTarget(
  { protocol, metadata, schema }: Pick<Snapshot, 'protocol' | 'metadata' | 'schema'>,
  { targetFileSize }: FileSizing,
): WriteTarget {
  const size =
    targetFileSize === undefined
      ? tableProperty(metadata, TARGET_FILE_SIZE)
      : byteCount('targetFileSize', targetFileSize)
  return {
    schema,
    partitionColumns: metadata.partitionColumns,
    configuration: metadata.configuration,
    materializePartitions:
      hasFeature(protocol, 'materializePartitionColumns') ||
      tableProperty(metadata, WRITE_PARTITION_COLUMNS_TO_PARQUET),
    ...(size === undefined ? {} : { targetFileSize: size }),
    compression: compressionOf(metadata),
  }
}

/** Codecs that are not written here are no obstacle: a table may mix them. */
function compressionOf(metadata: Metadata): 'snappy' | 'zstd' | 'uncompressed' {
  const codec = tableProperty(metadata, PARQUET_COMPRESSION_CODEC)
  if (codec === 'none' || codec === 'uncompressed') return 'uncompressed'
  return codec === 'zstd' ? 'zstd' : 'snappy'
}
