import { type Command, Option } from 'commander'
import { DeltaTable, type FileFormat, type SchemaContract, type WriteResult } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { transactionId } from '../options/compound.js'
import { contractOption } from '../options/contract-option.js'
import { inputFormatOption, withInputFiles } from '../options/input-files.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { printDocument, writeResultText } from '../output/print-result.js'

interface OverwriteCommandOptions extends CommonOptions {
  readonly format?: FileFormat
  readonly replaceWhere?: string
  readonly dynamicPartitions?: boolean
  readonly overwriteSchema?: boolean
  readonly mergeSchema?: boolean
  readonly contract?: SchemaContract
  readonly partitionBy?: string[]
  readonly txn?: { readonly appId: string; readonly version: number | bigint }
  readonly targetSize?: string
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, `overwrite ./events data/2026-03.parquet --replace-where "month = '2026-03'"`)
    .argument('<table>', 'the table')
    .argument('<files...>', 'CSV, NDJSON, Parquet or Arrow IPC files, patterns, or - for stdin')
    .addOption(inputFormatOption())
    .addOption(
      new Option('--replace-where <condition>', 'replace only rows for which it is true').conflicts(
        'dynamicPartitions',
      ),
    )
    .option('--dynamic-partitions', 'replace only the partitions that the files have rows of')
    .option('--overwrite-schema', 'let the table take the schema of the files')
    .addOption(
      new Option('--partition-by <columns>', "with --overwrite-schema: new partition columns; '' for none").argParser(
        (text: string) => (text === '' ? [] : nameList(text)),
      ),
    )
    .option('--merge-schema', 'add the columns that the files have and the table lacks')
    .addOption(contractOption())
    .addOption(
      new Option('--txn <app:version>', 'load once: a no-op if this version is committed').argParser(transactionId),
    )
    .option('--target-size <size>', 'size of data files, such as 128MB')
    .addOption(memoryOption())
    .action((url: string, paths: string[], options: OverwriteCommandOptions) =>
      withInputFiles(paths, options.format, context, async (source) => {
        const library = libraryOptions(options, context)
        const {
          replaceWhere,
          dynamicPartitions,
          overwriteSchema,
          mergeSchema,
          contract,
          partitionBy,
          txn,
          targetSize,
          memory,
        } = options
        const table = await DeltaTable.open(url, library)
        const result = await table.overwrite(source, {
          ...library,
          replaceWhere,
          dynamicPartitions,
          overwriteSchema,
          mergeSchema,
          contract,
          partitionBy,
          txn,
          targetFileSize: targetSize,
          memory,
        })
        await printDocument<WriteResult>(result, options, context, writeResultText)
      }),
    )
}
