import { type Command, Option } from 'commander'
import { DeltaTable, type ScanCounts, type TableFile } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { wholeNumber } from '../options/whole-number.js'
import { printDocument } from '../output/print-result.js'
import { tableText } from '../output/table-text.js'

interface FilesCommandOptions extends CommonOptions, VersionOptions {
  readonly where?: string
  readonly limit?: number
}

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, `files ./events --where "kind = 'click'"`))
    .argument('<table>', 'the table')
    .option('--where <condition>', 'only files that can have a row for which it is true')
    .addOption(new Option('--limit <n>', 'list at most so many').argParser(wholeNumber))
    .action(async (url: string, options: FilesCommandOptions) => {
      const library = libraryOptions(options, context)
      const { version, timestamp, where, limit = Number.POSITIVE_INFINITY } = options
      const table = await DeltaTable.open(url, { ...library, version, timestamp })
      const found = await table.files({ ...library, where })
      const files: TableFile[] = []
      if (limit > 0) {
        for await (const file of found) {
          files.push(file)
          if (files.length >= limit) break
        }
      }
      await printDocument({ counts: found.counts, files }, options, context, filesText)
    })
}

function filesText({ counts, files }: { readonly counts: ScanCounts; readonly files: readonly TableFile[] }): string {
  const lines = files.map(({ path, size, numRecords, numDeletedRows, partitionValues }) => [
    path,
    size,
    numRecords,
    numDeletedRows,
    Object.entries(partitionValues)
      .map(([name, value]) => `${name}=${value ?? 'NULL'}`)
      .join(' '),
  ])
  return `${tableText(['path', 'bytes', 'rows', 'deleted', 'partition'], lines)}${countsText(counts)}\n`
}

/** `3 of 10 files kept, 5 pruned by partition, 2 by statistics`. */
function countsText({ total, kept, prunedByPartition, prunedByStatistics }: ScanCounts): string {
  return `${kept} of ${total} files kept, ${prunedByPartition} pruned by partition, ${prunedByStatistics} by statistics`
}
