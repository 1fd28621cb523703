import { type Command, Option } from 'commander'
import { DeltaTable, type FileFormat, type WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { transactionId } from '../options/compound.js'
import { inputFormatOption, withInputFiles } from '../options/input-files.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { printDocument, writeResultText } from '../output/print-result.js'

interface ApplyChangesCommandOptions extends CommonOptions {
  readonly format?: FileFormat
  readonly keys: string[]
  readonly sequenceBy: string
  readonly applyAsDelete?: string
  readonly applyAsTruncate?: string
  readonly ignoreNullUpdates?: boolean
  readonly columns?: string[]
  readonly except?: string[]
  readonly scd: '1' | '2'
  readonly trackHistoryOn?: string[]
  readonly txn?: { readonly appId: string; readonly version: number | bigint }
  readonly dryRun?: boolean
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(
    command,
    `apply-changes ./people events.ndjson --keys id --sequence-by at --apply-as-delete "op = 'delete'" --except op`,
  )
    .argument('<table>', 'the table')
    .argument('<files...>', 'CSV, NDJSON, Parquet or Arrow IPC files of events, patterns, or - for stdin')
    .addOption(inputFormatOption())
    .addOption(new Option('--keys <columns>', 'columns that tell rows apart').argParser(nameList).makeOptionMandatory())
    .requiredOption('--sequence-by <column>', 'the column that orders the events of a key')
    .option('--apply-as-delete <condition>', 'events that delete the row of their key')
    .option('--apply-as-truncate <condition>', 'events that delete all older rows')
    .option('--ignore-null-updates', 'a null in an event leaves the value as it is')
    .addOption(new Option('--columns <names>', 'columns of the events that go into the table').argParser(nameList))
    .addOption(
      new Option('--except <names>', 'columns of the events that do not').argParser(nameList).conflicts('columns'),
    )
    .addOption(
      new Option('--scd <type>', '1: the newest row of each key; 2: all rows, with __start_at and __end_at')
        .choices(['1', '2'])
        .default('1'),
    )
    .addOption(
      new Option('--track-history-on <names>', 'with --scd 2: columns whose changes begin a new row').argParser(
        nameList,
      ),
    )
    .addOption(
      new Option('--txn <app:version>', 'apply once: a no-op if this version is committed').argParser(transactionId),
    )
    .option('--dry-run', 'say what would be done')
    .addOption(memoryOption())
    .action((url: string, paths: string[], options: ApplyChangesCommandOptions) =>
      withInputFiles(paths, options.format, context, async (source) => {
        const library = libraryOptions(options, context)
        const table = await DeltaTable.open(url, library)
        const result = await table.applyChanges(source, { ...options, ...library, scd: options.scd === '2' ? 2 : 1 })
        await printDocument<WriteResult>(result, options, context, writeResultText)
      }),
    )
}
