import type { FileFormat } from '../../engine/query-engine.js'

/** Files on local disk whose rows are to be written: see {@link files}. */
export interface FileSource {
  readonly source: 'files'
  /** Paths, or patterns with `*`, `?`, `**` and `[...]`. */
  readonly patterns: readonly string[]
  /** Default: told by the ending of each name. */
  readonly format?: FileFormat
}

export interface FileSourceOptions {
  /** Default: told by the ending of each name: `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.parquet`, `.arrow`, `.feather`; `.gz` may follow those of text (CSV is told by its bytes whether it is packed). */
  readonly format?: FileFormat
}

/**
 * The rows of CSV, NDJSON, Parquet or Arrow IPC files, as a source for `append` and `overwrite`. Nothing is read yet.
 *
 * @param paths one path or pattern, or many: `data/2024-*.csv`. A file that has the very name is taken as it is; patterns are sorted by name.
 */
export function files(paths: string | readonly string[], options: FileSourceOptions = {}): FileSource {
  const patterns = typeof paths === 'string' ? [paths] : paths
  return { source: 'files', patterns, ...(options.format === undefined ? {} : { format: options.format }) }
}

/** Tells a {@link FileSource} from rows. */
export function isFileSource(input: object): input is FileSource {
  return 'source' in input && input.source === 'files' && 'patterns' in input
}
