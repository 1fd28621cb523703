import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { DeltaTable, Lake } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { collectTable, type TableReference } from '../options/compound.js'
import { memoryOption } from '../options/memory-option.js'
import { formatOption, outputOption, printRows, type RowOutputOptions } from '../output/print-rows.js'
import { resultSource } from '../output/row-source.js'

interface QueryCommandOptions extends CommonOptions, RowOutputOptions {
  readonly table?: TableReference[]
  readonly memory?: string
  readonly temp?: string
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(command, `query 'SELECT kind, count(*) FROM events GROUP BY kind' --table events=s3://lake/events@v3`)
    .argument(
      '<sql>',
      "a query in the SQL of DuckDB, or - to read it from stdin; delta_scan('URL', version => 3) names a table, too",
    )
    .addOption(
      new Option(
        '--table <name=url>',
        'a table of the query, at @v3 or @2026-01-01T00:00:00Z or its latest version; may be repeated',
      ).argParser(collectTable),
    )
    .addOption(formatOption())
    .addOption(outputOption())
    .addOption(memoryOption())
    .option('--temp <folder>', 'where the SQL engine spills to')
    .action(async (sql: string, options: QueryCommandOptions) => {
      const library = libraryOptions(options, context)
      const opened = await Promise.all(
        (options.table ?? []).map(async ({ name, url, version, timestamp }) => {
          return [name, await DeltaTable.open(url, { ...library, version, timestamp })] as const
        }),
      )
      const statement = sql === '-' ? await text(context.terminal.stdin) : sql
      await using lake = new Lake({
        memory: options.memory,
        temp: options.temp,
        deltaScan: true,
        storage: library.storage,
      })
      const result = await lake.query(statement, { ...library, tables: Object.fromEntries(opened) })
      await printRows(resultSource(result), options, context)
    })
}
