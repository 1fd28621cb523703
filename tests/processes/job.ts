import type { StorageOptions } from '../../src/index.js'

/** What a child process does to a table, one thing after another. */
export interface Job {
  readonly url: string
  readonly storage: StorageOptions
  /** Tells the rows of writers apart: the ids of a writer begin with `writer * 1,000,000`. */
  readonly writer: number
  /** `append`: two rows each. `delete`: one row each, from `firstId` on. */
  readonly verb: 'append' | 'delete'
  readonly count: number
  /** Of `delete`: the first id to delete. */
  readonly firstId?: number
}

/** Told on stdout before an operation, and once more when its outcome is known: one JSON document a line. */
export interface Report {
  readonly ids: readonly number[]
  readonly verb: Job['verb']
  /** `refused`: it failed with the promise that nothing was written. Absent before it ran. */
  readonly outcome?: 'done' | 'refused'
  /** The version that an operation was told that is done. */
  readonly version?: number
}

/** The ids of an append: two rows, so that half of one would show. */
export function idsOfAppend(writer: number, number: number): readonly [number, number] {
  const first = writer * 1_000_000 + number * 2
  return [first, first + 1]
}
