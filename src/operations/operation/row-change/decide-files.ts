import type { AffectedFile } from '../../../engine/row-change.js'

/**
 * How rows leave a file.
 *
 * - `remove`: the file goes, for no row is left
 * - `vector`: a deletion vector hides them
 * - `rewrite`: the rows that are left are written to a new file
 */
type FileFate = 'remove' | 'vector' | 'rewrite'

export interface DecidedFile extends AffectedFile {
  readonly fate: FileFate
  /** Rows that stay; undefined where the log does not say how many there are. */
  readonly left: number | undefined
}

/** What a table allows and its user prefers. */
export interface FateRules {
  readonly vectors: boolean
  /** See {@link RowChangeOptions.rewriteShare}. */
  readonly rewriteShare: number
}

/** The cheapest way for each file. Pure; no I/O. */
export function decideFiles(files: readonly AffectedFile[], rules: FateRules): DecidedFile[] {
  return files.map((affected) => {
    const records = numRecords(affected)
    const live = records === undefined ? undefined : records - (affected.file.deletionVector?.cardinality ?? 0)
    const left = live === undefined ? undefined : live - affected.rows.cardinality
    return { ...affected, left, fate: fateOf(live, left, affected.rows.cardinality, rules) }
  })
}

function fateOf(
  live: number | undefined,
  left: number | undefined,
  going: number,
  { vectors, rewriteShare }: FateRules,
): FileFate {
  // A deletion vector needs a file whose rows are counted in the log (PROTOCOL.md, "Writer Requirements for Deletion Vectors").
  if (live === undefined || left === undefined) return 'rewrite'
  if (left <= 0) return 'remove'
  return vectors && going < live * rewriteShare ? 'vector' : 'rewrite'
}

function numRecords({ file: { stats } }: AffectedFile): number | undefined {
  const count: unknown = stats === undefined ? undefined : JSON.parse(stats).numRecords
  return typeof count === 'number' ? count : undefined
}
