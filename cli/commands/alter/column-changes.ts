import { type Command, Option } from 'commander'
import { type ColumnPosition, DeltaError } from '../../../src/index.js'
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
  {
    name: 'rename-column',
    summary: 'Give a column another name',
    example: 'rename-column kind type',
    define: (command) => column(command).argument('<name>', 'its new name'),
    run: (alter, [name, to], _options, library) => alter.renameColumn(name as string, to as string, library),
  },
  {
    name: 'drop-column',
    summary: 'Take a column out of the schema',
    example: 'drop-column address.zip',
    define: (command) => column(command),
    run: (alter, [name], _options, library) => alter.dropColumn(name as string, library),
  },
  {
    name: 'reorder',
    summary: 'Put a column in another place',
    example: 'reorder kind --after id',
    define: (command) => positionOptions(column(command)),
    run: (alter, [name], options, library) => {
      const position = positionOf(options)
      if (position === undefined) throw new DeltaError('InvalidArgument', 'Say where: --first, or --after COLUMN.')
      return alter.moveColumn(name as string, position, library)
    },
  },
  {
    name: 'set-nullable',
    summary: 'Let a column be null, or with --not no more',
    example: 'set-nullable kind --not',
    define: (command) => column(command).option('--not', 'it may not be null: the rows that are there are checked'),
    run: (alter, [name], options, library) => alter.setNullable(name as string, options.not !== true, library),
  },
  {
    name: 'comment',
    summary: 'Say what a column means',
    example: "comment kind 'what happened'",
    define: (command) => column(command).argument('[text]', 'left out: takes the comment away'),
    run: (alter, [name, text], _options, library) =>
      alter.setComment(name as string, (text as string | undefined) ?? null, library),
  },
  {
    name: 'set-default',
    summary: 'Give rows that do not mention a column a value',
    example: 'set-default kind "\'unknown\'"',
    define: (command) =>
      command.argument('<column>', 'a column').argument('[expression]', 'Spark SQL; left out: takes the default away'),
    run: (alter, [name, expression], _options, library) =>
      alter.setDefault(name as string, (expression as string | undefined) ?? null, library),
  },
  {
    name: 'change-type',
    summary: 'Widen the type of a column',
    example: 'change-type amount BIGINT',
    define: (command) => column(command).argument('<type>', 'as SQL: BIGINT'),
    run: (alter, [name, type], _options, library) => alter.changeType(name as string, type as string, library),
  },
]

function column(command: Command): Command {
  return command.argument('<column>', 'a column, or a field: address.city, tags.element')
}

function positionOptions(command: Command): Command {
  return command
    .addOption(new Option('--first', 'before all others').conflicts('after'))
    .option('--after <column>', 'behind a column')
}

function positionOf({ first, after }: PositionOptions): ColumnPosition | undefined {
  if (first) return 'first'
  return after === undefined ? undefined : { after }
}
