import type { StagedFile } from '../../staging/staged-table.js'
import type { SourceTable } from './source-table.js'

/** More files than this are not remembered. */
const MAX_FILES = 200_000

/** Data files that DuckDB reads as the table's schema says. They never change, so each is looked at once for a schema. */
export class CheckedFiles {
  readonly #paths = new Map<string, Set<string>>()
  #count = 0

  /** The files of a table that were not looked at with its schema. */
  unchecked(table: SourceTable): readonly StagedFile[] {
    const known = this.#paths.get(keyOf(table))
    return known === undefined ? table.files : table.files.filter(({ localPath }) => !known.has(localPath))
  }

  add(table: SourceTable): void {
    if (this.#count + table.files.length > MAX_FILES) {
      this.#paths.clear()
      this.#count = 0
    }
    const key = keyOf(table)
    const known = this.#paths.get(key) ?? new Set()
    for (const { localPath } of table.files) known.add(localPath)
    this.#paths.set(key, known)
    this.#count += table.files.length
  }
}

/** What the columns have to be, wherever the files are. */
function keyOf({ schema, partitionColumns, columnMapping }: SourceTable): string {
  return JSON.stringify([schema.fields, partitionColumns, columnMapping])
}
