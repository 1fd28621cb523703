import type { Command } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { memoryOption } from '../options/memory-option.js'
import { printDocument, writeResultText } from '../output/print-result.js'

interface PurgeCommandOptions extends CommonOptions {
  readonly targetSize?: string
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'purge ./events')
    .argument('<table>', 'the table')
    .option('--target-size <size>', 'size of data files (default 128MB)')
    .addOption(memoryOption())
    .action(async (url: string, options: PurgeCommandOptions) => {
      const library = libraryOptions(options, context)
      const { targetSize, memory } = options
      const table = await DeltaTable.open(url, library)
      const result = await table.purge({ ...library, targetFileSize: targetSize, memory })
      await printDocument(result, options, context, writeResultText)
    })
}
