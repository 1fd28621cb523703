import type { Command } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { printDocument } from '../output/print-result.js'

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'checkpoint s3://lake/events')
    .argument('<table>', 'the table')
    .action(async (url: string, options: CommonOptions) => {
      const library = libraryOptions(options, context)
      const table = await DeltaTable.open(url, library)
      const result = await table.checkpoint(library)
      await printDocument(result, options, context, ({ version }) => `checkpoint of version ${version}\n`)
    })
}
