import { type Command, Option } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { versionPoint } from '../options/version-point.js'
import { formatOption, outputOption, printRows, type RowOutputOptions } from '../output/print-rows.js'
import { changeSource } from '../output/row-source.js'

interface ChangesCommandOptions extends CommonOptions, RowOutputOptions {
  readonly from: number | string
  readonly to?: number | string
  readonly columns?: string[]
  readonly net?: string[]
  readonly follow?: boolean
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'changes ./events --from 5 --to 2026-01-01T00:00:00Z --format ndjson')
    .argument('<table>', 'the table')
    .addOption(
      new Option('--from <version|time>', 'the first version, or an instant')
        .argParser(versionPoint)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--to <version|time>', 'the last version, or an instant (default: the newest)').argParser(
        versionPoint,
      ),
    )
    .addOption(new Option('--columns <names>', 'columns of the table to print, in order').argParser(nameList))
    .addOption(new Option('--net <keys>', 'take all changes of a key as one').argParser(nameList))
    .addOption(new Option('--follow', 'wait for new versions, until interrupted').conflicts('to'))
    .addOption(memoryOption())
    .addOption(formatOption())
    .addOption(outputOption())
    .action(async (url: string, options: ChangesCommandOptions) => {
      const library = libraryOptions(options, context)
      const { from, to, columns, net, follow, memory } = options
      const table = await DeltaTable.open(url, library)
      const stream = table.changes({ ...library, from, to, columns, net, follow, memory })
      await printRows(changeSource(table, stream, columns), options, context)
    })
}
