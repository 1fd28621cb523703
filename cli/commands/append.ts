import { type Command, Option } from 'commander'
import {
  DeltaError,
  DeltaTable,
  type FileFormat,
  type FileSource,
  inferFileSchema,
  type SchemaContract,
  type WriteResult,
} from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { transactionId } from '../options/compound.js'
import { contractOption } from '../options/contract-option.js'
import { inputFormatOption, withInputFiles } from '../options/input-files.js'
import { memoryOption } from '../options/memory-option.js'
import { nameList } from '../options/name-list.js'
import { printDocument, writeResultText } from '../output/print-result.js'

interface AppendCommandOptions extends CommonOptions {
  readonly format?: FileFormat
  readonly create?: boolean
  readonly partitionBy?: string[]
  readonly naiveTimestamps?: 'utc' | 'ntz' | 'error'
  readonly txn?: { readonly appId: string; readonly version: number | bigint }
  readonly mergeSchema?: boolean
  readonly contract?: SchemaContract
  readonly targetSize?: string
  readonly memory?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, "append ./events 'data/2026-*.csv' --create --partition-by kind")
    .argument('<table>', 'the table')
    .argument('<files...>', 'CSV, NDJSON, Parquet or Arrow IPC files, patterns, or - for stdin')
    .addOption(inputFormatOption())
    .option('--create', 'create the table from the files if it is not there')
    .addOption(
      new Option('--partition-by <columns>', 'with --create: columns whose values become folders').argParser(nameList),
    )
    .addOption(
      new Option(
        '--naive-timestamps <what>',
        'with --create: timestamps without a zone are UTC, stay so, or are refused',
      )
        .choices(['utc', 'ntz', 'error'])
        .default('utc'),
    )
    .addOption(
      new Option('--txn <app:version>', 'load once: a no-op if this version is committed').argParser(transactionId),
    )
    .option('--merge-schema', 'add the columns that the files have and the table lacks')
    .addOption(contractOption())
    .option('--target-size <size>', 'size of data files, such as 128MB')
    .addOption(memoryOption())
    .action((url: string, paths: string[], options: AppendCommandOptions) =>
      withInputFiles(paths, options.format, context, async (source) => {
        const table = options.create
          ? await openOrCreate(url, source, options, context)
          : await open(url, options, context)
        checkPartitions(table, options)
        const { txn, memory, mergeSchema, contract, targetSize } = options
        const result = await table.append(source, {
          ...libraryOptions(options, context),
          txn,
          memory,
          mergeSchema,
          contract,
          targetFileSize: targetSize,
        })
        await printDocument<WriteResult>(result, options, context, writeResultText)
      }),
    )
}

/** @throws InvalidArgument where the table has other partition columns than those asked for */
function checkPartitions({ url, partitionColumns }: DeltaTable, { partitionBy }: AppendCommandOptions): void {
  const asked = partitionBy?.map((name) => name.toLowerCase())
  if (asked === undefined || String(asked) === String(partitionColumns.map((name) => name.toLowerCase()))) return
  const partitions = partitionColumns.length === 0 ? 'not partitioned' : `partitioned by ${partitionColumns.join(', ')}`
  throw new DeltaError(
    'InvalidArgument',
    `${url} is ${partitions}, not by ${partitionBy?.join(', ')}. Leave out --partition-by: an append does not change it.`,
  )
}

function open(url: string, options: AppendCommandOptions, context: CommandContext): Promise<DeltaTable> {
  return DeltaTable.open(url, libraryOptions(options, context))
}

async function openOrCreate(
  url: string,
  source: FileSource,
  options: AppendCommandOptions,
  context: CommandContext,
): Promise<DeltaTable> {
  const library = libraryOptions(options, context)
  if (await DeltaTable.exists(url, library)) return open(url, options, context)
  const { memory, naiveTimestamps, partitionBy } = options
  const { schema, assumedUtc } = await inferFileSchema(source, { ...library, memory, naiveTimestamps })
  if (assumedUtc.length > 0)
    context.note(`note: timestamps of ${assumedUtc.join(', ')} have no zone and are taken as UTC`)
  return DeltaTable.create(url, { ...library, schema, partitionBy, ifNotExists: true })
}
