import { type Command, Option } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { versionPoint } from '../options/version-point.js'
import { formatOption, outputOption, printRows, type RowOutputOptions } from '../output/print-rows.js'
import { diffSource } from '../output/row-source.js'

interface DiffCommandOptions extends CommonOptions, RowOutputOptions {
  readonly columns?: string[]
  readonly keys?: string[]
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'diff ./events 3 2026-01-01T00:00:00Z --keys id')
    .argument('<table>', 'the table')
    .argument('<from>', 'a version, or an instant')
    .argument('[to]', 'another one (default: the newest version)')
    .addOption(new Option('--columns <names>', 'columns to compare and print, in order').argParser(nameList))
    .addOption(
      new Option('--keys <names>', 'columns that tell rows apart, to see what was updated').argParser(nameList),
    )
    .addOption(formatOption())
    .addOption(outputOption())
    .addOption(memoryOption())
    .action(async (url: string, from: string, to: string | undefined, options: DiffCommandOptions) => {
      const library = libraryOptions(options, context)
      const { columns, keys, memory } = options
      const table = await DeltaTable.open(url, library)
      const ends = { from: versionPoint(from), to: to === undefined ? undefined : versionPoint(to) }
      const stream = table.diff({ ...library, ...ends, columns, keys, memory })
      await printRows(diffSource(table, stream, columns), options, context)
    })
}
