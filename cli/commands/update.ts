import { type Command, Option } from 'commander'
import { DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type Assignments, collectAssignment } from '../options/assignments.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { libraryRowChange, type RowChangeOptions, rowChangeOptions } from '../options/row-change-options.js'
import { printDocument } from '../output/print-result.js'
import { rowChangeText } from '../output/row-change-text.js'

interface UpdateCommandOptions extends CommonOptions, RowChangeOptions {
  readonly set: Assignments
  readonly where?: string
}

export function define(command: Command, context: CommandContext): void {
  rowChangeOptions(commonOptions(command, `update ./events --set "kind='unknown'" --where 'kind IS NULL'`))
    .argument('<table>', 'the table')
    .addOption(
      new Option('--set <column=expr>', 'a column and its new value, in SQL; may be repeated')
        .argParser(collectAssignment)
        .makeOptionMandatory(),
    )
    .option('--where <condition>', 'only rows for which it is true (default: all)')
    .action(async (url: string, options: UpdateCommandOptions) => {
      const { set, where } = options
      const library = libraryOptions(options, context)
      const table = await DeltaTable.open(url, library)
      const result = await table.update({ ...library, ...libraryRowChange(options), set, where })
      await printDocument(result, options, context, rowChangeText)
    })
}
