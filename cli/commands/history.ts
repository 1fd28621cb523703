import { type Command, Option } from 'commander'
import { DeltaTable, type HistoryEntry } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { wholeNumber } from '../options/whole-number.js'
import { printDocument } from '../output/print-result.js'
import { tableText } from '../output/table-text.js'

interface HistoryCommandOptions extends CommonOptions {
  readonly limit?: number
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, 'history s3://lake/events --limit 20')
    .argument('<table>', 'the table')
    .addOption(new Option('--limit <n>', 'the newest so many commits').argParser(wholeNumber))
    .action(async (url: string, options: HistoryCommandOptions) => {
      const entries = await DeltaTable.history(url, { ...libraryOptions(options, context), limit: options.limit })
      await printDocument(entries, options, context, (commits) =>
        tableText(['version', 'timestamp', 'operation', 'parameters', 'metrics', 'engine'], commits.map(line), {
          width: context.terminal.stdout.columns,
        }),
      )
    })
}

function line(entry: HistoryEntry): unknown[] {
  const { version, timestamp, operation, operationParameters, operationMetrics, engineInfo } = entry
  return [version, timestamp, operation, pairs(operationParameters), pairs(operationMetrics), engineInfo]
}

/** Leaves out what says nothing: empty lists and nulls. */
function pairs(values: HistoryEntry['operationParameters']): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== '[]' && value !== '{}')
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ')
}
