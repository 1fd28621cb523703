import type { AddColumnOptions } from '../operations/alter/add-columns.js'
import type { AlterOptions, TableChange } from '../operations/alter/table-change.js'
import { readSchema, type SchemaInput } from '../operations/operation/schema-input.js'
import type { WriteResult } from '../operations/operation/write-result.js'

/** Carries out one alteration on the newest version, and moves the handle on. */
type Alter = (change: TableChange, options: AlterOptions) => Promise<WriteResult>

/**
 * What can be altered of a table: `table.alter.addColumns('score DOUBLE')`. Each is one commit, worked out anew where somebody else was faster; where the table is that way already none is
 * written (`skipped`).
 */
export class TableAlterations {
  readonly #alter: Alter

  constructor(alter: Alter) {
    this.#alter = alter
  }

  /** Adds nullable columns: built with `struct(...)`, or as SQL. See {@link AddColumnOptions}. @throws InvalidSchema, UnknownColumn, UnsupportedFeature */
  async addColumns(columns: SchemaInput, options: AddColumnOptions & AlterOptions = {}): Promise<WriteResult> {
    const { addColumns } = await import('../operations/alter/add-columns.js')
    return this.#alter(addColumns(readSchema(columns), options), options)
  }
}
