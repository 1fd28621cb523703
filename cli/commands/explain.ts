import { type Command, Option } from 'commander'
import { DeltaTable, type Explanation } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { nameList } from '../options/name-list.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { printDocument } from '../output/print-result.js'
import { propertiesText } from '../output/table-text.js'

interface ExplainCommandOptions extends CommonOptions, VersionOptions {
  readonly where?: string
  readonly columns?: string[]
}

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, `explain ./events --where "at >= TIMESTAMP '2026-01-01'"`))
    .argument('<table>', 'the table')
    .option('--where <condition>', 'a SQL condition')
    .addOption(new Option('--columns <names>', 'columns that would be read').argParser(nameList))
    .action(async (url: string, options: ExplainCommandOptions) => {
      const library = libraryOptions(options, context)
      const { version, timestamp, where, columns } = options
      const table = await DeltaTable.open(url, { ...library, version, timestamp })
      await printDocument(await table.explain({ ...library, where, columns }), options, context, explanationText)
    })
}

function explanationText({ files, columns, path, ...rest }: Explanation): string {
  return propertiesText([
    ['version', rest.version],
    ['condition', rest.predicate ?? '-'],
    ['read through', path === 'arrow' ? 'Arrow' : 'the SQL engine'],
    ['columns', columns.join(', ')],
    ['files', files.total],
    ['pruned by partition', files.prunedByPartition],
    ['pruned by statistics', files.prunedByStatistics],
    ['kept', files.kept],
    ['bytes kept', `${rest.keptBytes} of ${rest.totalBytes}`],
  ])
}
