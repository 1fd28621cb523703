import type { Command } from 'commander'
import type { TableAlterations, WriteResult } from '../../../src/index.js'
import type { LibraryOptions } from '../../options/common-options.js'

/** One change that `alter` knows. */
export interface AlterEntry {
  readonly name: string
  readonly summary: string
  /** Stands behind the table in the example of the help. */
  readonly example: string
  /** Adds its arguments and options. */
  define(command: Command): void
  /** @param args as commander gives them: a list where an argument is variadic. */
  run(
    alter: TableAlterations,
    args: readonly unknown[],
    options: Record<string, unknown>,
    library: LibraryOptions,
  ): Promise<WriteResult>
}
