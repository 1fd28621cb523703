import { type Command, Option } from 'commander'
import { DeltaError, DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { libraryRowChange, type RowChangeOptions, rowChangeOptions } from '../options/row-change-options.js'
import { printDocument } from '../output/print-result.js'
import { rowChangeText } from '../output/row-change-text.js'

interface DeleteCommandOptions extends CommonOptions, RowChangeOptions {
  readonly where?: string
  readonly all?: boolean
}

export function define(command: Command, context: CommandContext): void {
  rowChangeOptions(commonOptions(command, `delete ./events --where "at < TIMESTAMP '2024-01-01'"`))
    .argument('<table>', 'the table')
    .option('--where <condition>', 'the rows to delete')
    .addOption(new Option('--all', 'delete every row').conflicts('where'))
    .action(async (url: string, options: DeleteCommandOptions) => {
      const { where, all } = options
      if (where === undefined && !all) {
        throw new DeltaError('InvalidArgument', 'Say which rows to delete: --where CONDITION, or --all.')
      }
      const library = libraryOptions(options, context)
      const table = await DeltaTable.open(url, library)
      const result = await table.delete(where, { ...library, ...libraryRowChange(options) })
      await printDocument(result, options, context, rowChangeText)
    })
}
