import type { Command } from 'commander'
import { DeltaTable, type FileFormat } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { inputFormatOption, withInputFiles } from '../options/input-files.js'
import { mergeClauseOptions } from '../options/merge-clauses.js'
import { libraryRowChange, type RowChangeOptions, rowChangeOptions } from '../options/row-change-options.js'
import { printDocument } from '../output/print-result.js'
import { rowChangeText } from '../output/row-change-text.js'

interface MergeCommandOptions extends CommonOptions, RowChangeOptions {
  readonly on: string
  readonly format?: FileFormat
  readonly mergeSchema?: boolean
  readonly latestBy?: string
}

const EXAMPLE = `merge ./events new/*.parquet --on 'target.id = source.id' --when-matched-update all --when-not-matched-insert all`

export function define(command: Command, context: CommandContext): void {
  const withClauses = mergeClauseOptions(command)
  rowChangeOptions(commonOptions(command, EXAMPLE))
    .argument('<table>', 'the table')
    .argument('<files...>', 'the source: CSV, NDJSON, Parquet or Arrow IPC files, patterns, or - for stdin')
    .requiredOption('--on <condition>', 'when a row of the table (target) and one of the files (source) match')
    .addOption(inputFormatOption())
    .option('--merge-schema', 'add columns that only the files have to the table')
    .option(
      '--latest-by <column>',
      'of several rows of the files with one key, take the one with the greatest value of a column',
    )
    .action((url: string, paths: string[], options: MergeCommandOptions) =>
      withInputFiles(paths, options.format, context, async (source) => {
        const { on, mergeSchema, latestBy } = options
        const library = libraryOptions(options, context)
        const table = await DeltaTable.open<object>(url, library)
        const merge = table.merge(source, on, {
          ...library,
          ...libraryRowChange(options),
          mergeSchema,
          ...(latestBy !== undefined && { onDuplicateSource: { latestBy } }),
        })
        await printDocument(await withClauses(merge).execute(), options, context, rowChangeText)
      }),
    )
}
