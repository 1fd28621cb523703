import { type Command, Option } from 'commander'
import { DeltaTable, type TransactionId, type WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { transactionId } from '../options/compound.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { printDocument, writeResultText } from '../output/print-result.js'
import { propertiesText } from '../output/table-text.js'

interface RestoreCommandOptions extends CommonOptions, VersionOptions {
  readonly dryRun?: boolean
  readonly txn?: TransactionId
}

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, 'restore ./events --version 3 --dry-run'))
    .argument('<table>', 'the table')
    .option('--dry-run', 'say what would be restored, and whether it can be')
    .addOption(
      new Option('--txn <app:version>', 'restore once: a no-op if this version is committed').argParser(transactionId),
    )
    .action(async (url: string, options: RestoreCommandOptions) => {
      const library = libraryOptions(options, context)
      const { version, timestamp, dryRun, txn } = options
      const table = await DeltaTable.open(url, library)
      const result = await table.restore({ ...library, version, timestamp, dryRun, txn })
      await printDocument<WriteResult>(result, options, context, dryRun ? dryRunText : writeResultText)
    })
}

function dryRunText({ metrics }: WriteResult): string {
  return `RESTORE is possible; it would give:\n${propertiesText(Object.entries(metrics))}`
}
