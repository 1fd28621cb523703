import type { Command } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { compatibilityText } from '../output/compatibility-text.js'
import { printDocument } from '../output/print-result.js'

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'compat s3://lake/events')
    .argument('<table>', 'the table')
    .action(async (url: string, options: CommonOptions) => {
      const report = await DeltaTable.compat(url, libraryOptions(options, context))
      await printDocument(report, options, context, compatibilityText)
    })
}
