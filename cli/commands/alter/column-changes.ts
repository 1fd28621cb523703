import { type Command, Option } from 'commander'
import type { ColumnPosition } from '../../../src/index.js'
import type { AlterEntry } from './alter-entry.js'

interface PositionOptions {
  readonly first?: boolean
  readonly after?: string
}

/** The changes of columns. */
export const COLUMN_CHANGES: readonly AlterEntry[] = [
  {
    name: 'add-column',
    summary: 'Add nullable columns',
    example: `add-column 'score DOUBLE, tags ARRAY<STRING>' --after kind`,
    define: (command) =>
      positionOptions(command)
        .argument('<columns>', "columns as SQL: 'score DOUBLE'")
        .option('--into <column>', 'a struct that they join: address, or items.element'),
    run: (alter, [columns], options, library) => {
      const { into } = options as { into?: string }
      return alter.addColumns(columns as string, { ...library, into, position: positionOf(options) })
    },
  },
]

function positionOptions(command: Command): Command {
  return command
    .addOption(new Option('--first', 'before all others').conflicts('after'))
    .option('--after <column>', 'behind a column')
}

function positionOf({ first, after }: PositionOptions): ColumnPosition | undefined {
  if (first) return 'first'
  return after === undefined ? undefined : { after }
}
