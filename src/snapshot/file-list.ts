import type { AddFile, DeletionVectorDescriptor } from '../protocol/actions/action.js'

/** Dictionary-coded values of one partition column over a {@link FileChunk}: `values[codes[i]]` belongs to file i. */
export interface PartitionColumn {
  readonly codes: Int32Array
  readonly values: readonly (string | null)[]
}

/** UTF-8 text inside a buffer: one object that is pointed at one text after another. */
export interface Utf8Slice {
  bytes: Uint8Array
  start: number
  end: number
}

/**
 * A run of live files held as columns. Files are addressed by position (0 <= i < length); an object is made only by
 * {@link FileChunk.addFile}. Only live files are counted: removed ones are not addressable.
 */
export interface FileChunk {
  readonly length: number
  /** As in the log: percent-encoded. */
  path(i: number): string
  size(i: number): number
  modificationTime(i: number): number
  deletionVector(i: number): DeletionVectorDescriptor | undefined
  /** By physical name. Columns that the action lacks read as null. */
  partitionColumn(physicalName: string): PartitionColumn
  /** The `stats` of file i as JSON text, undefined where there are none; call {@link FileChunk.loadStatistics} first. */
  stats(i: number): string | undefined
  /** Points `slice` at the UTF-8 bytes of {@link FileChunk.stats}; false where file i has none. For those who look at many. */
  locateStats(i: number, slice: Utf8Slice): boolean
  /** Brings statistics into memory where they were left in the checkpoint to save it. Cheap when there is nothing to do. */
  loadStatistics(signal?: AbortSignal): Promise<void>
  addFile(i: number): AddFile
}

/** The live files of one version. */
export interface FileList {
  readonly numFiles: number
  /** Sum of the sizes, in bytes. */
  readonly sizeInBytes: number
  readonly chunks: readonly FileChunk[]
}
