import { type Command, Option } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { wholeNumber } from '../options/whole-number.js'
import { formatOption, outputOption, printRows, type RowOutputOptions } from '../output/print-rows.js'
import { scanSource } from '../output/row-source.js'

interface ReadCommandOptions extends CommonOptions, VersionOptions, RowOutputOptions {
  readonly columns?: string[]
  readonly where?: string
  readonly limit?: number
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, `read ./events --where "kind = 'click'" --limit 10 --version 3`))
    .argument('<table>', 'the table')
    .addOption(new Option('--columns <names>', 'columns to print, in order').argParser(nameList))
    .option('--where <condition>', 'only rows for which this SQL condition is true')
    .addOption(new Option('--limit <n>', 'at most so many rows').argParser(wholeNumber))
    .addOption(formatOption())
    .addOption(outputOption())
    .addOption(memoryOption())
    .action(async (url: string, options: ReadCommandOptions) => {
      const library = libraryOptions(options, context)
      const { version, timestamp, columns, where, limit, memory } = options
      const table = await DeltaTable.open(url, { ...library, version, timestamp })
      await printRows(scanSource(table, { ...library, columns, where, limit, memory }), options, context)
    })
}
