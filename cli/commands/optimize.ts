import type { Command } from 'commander'
import { DeltaTable, type WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { memoryOption } from '../options/memory-option.js'
import { printDocument, writeResultText } from '../output/print-result.js'

interface OptimizeCommandOptions extends CommonOptions {
  readonly where?: string
  readonly targetSize?: string
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, `optimize ./events --where "kind = 'click'" --target-size 256MB`)
    .argument('<table>', 'the table')
    .option('--where <condition>', 'only partitions for which it is true')
    .option('--target-size <size>', 'size of data files (default 128MB)')
    .addOption(memoryOption())
    .action(async (url: string, options: OptimizeCommandOptions) => {
      const library = libraryOptions(options, context)
      const { where, targetSize, memory } = options
      const table = await DeltaTable.open(url, library)
      const result = await table.optimize({ ...library, where, targetFileSize: targetSize, memory })
      await printDocument<WriteResult>(result, options, context, writeResultText)
    })
}
