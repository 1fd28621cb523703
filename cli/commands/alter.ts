import { Command } from 'commander'
import { DeltaTable, type WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { printDocument, writeResultText } from '../output/print-result.js'
import type { AlterEntry } from './alter/alter-entry.js'
import { COLUMN_CHANGES } from './alter/column-changes.js'
import { TABLE_CHANGES } from './alter/table-changes.js'

const CHANGES: readonly AlterEntry[] = [...COLUMN_CHANGES, ...TABLE_CHANGES]

/** `alter TABLE CHANGE ...`: what a change takes is for its own command to say, which stands behind the table. */
export function define(command: Command, context: CommandContext): void {
  const width = Math.max(...CHANGES.map(({ name }) => name.length))
  const list = CHANGES.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')
  command
    .argument('<table>', 'the table')
    .argument('<change>', 'what to change')
    .argument('[arguments...]', 'of the change: lakewright alter TABLE CHANGE --help lists them')
    .usage('<table> <change> [arguments...]')
    .passThroughOptions()
    .addHelpText('after', `\nChanges:\n${list}\n\nExample:\n  lakewright alter ./events add-column 'score DOUBLE'`)
    .action(async (url: string, change: string, args: string[]) => {
      const entry = CHANGES.find(({ name }) => name === change)
      if (entry === undefined) {
        command.error(`error: unknown change '${change}'. Changes: ${CHANGES.map(({ name }) => name).join(', ')}`)
      }
      await changeCommand(command, entry, url, context).parseAsync(args, { from: 'user' })
    })
}

function changeCommand(alter: Command, entry: AlterEntry, url: string, context: CommandContext): Command {
  const command = new Command(entry.name)
    .copyInheritedSettings(alter)
    .description(`${entry.summary}.`)
    .helpOption('--help', 'print help')
    .exitOverride()
  commonOptions(command, `alter ./events ${entry.example}`)
  entry.define(command)
  return command.action(async () => {
    const options = command.opts<CommonOptions>()
    const library = libraryOptions(options, context)
    const table = await DeltaTable.open(url, library)
    const result = await entry.run(table.alter, command.processedArgs, command.opts(), library)
    await printDocument<WriteResult>(result, options, context, writeResultText)
  })
}
