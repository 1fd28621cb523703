import type { Command } from 'commander'
import { DeltaTable, schemaToJson, typeText } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { tableText } from '../output/table-text.js'

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, 'schema ./events --version 3'))
    .argument('<table>', 'the table')
    .action(async (url: string, options: CommonOptions & VersionOptions) => {
      const { version, timestamp } = options
      const table = await DeltaTable.open(url, { ...libraryOptions(options, context), version, timestamp })
      // Delta's own JSON: `create --schema FILE.json` takes it.
      if (options.json) return context.print(`${schemaToJson(table.schema)}\n`)
      const lines = table.schema.fields.map(({ name, dataType, nullable, metadata }) => [
        name,
        typeText(dataType),
        nullable ? 'yes' : 'no',
        table.partitionColumns.includes(name) ? 'yes' : '',
        typeof metadata.comment === 'string' ? metadata.comment : '',
      ])
      await context.print(tableText(['column', 'type', 'nullable', 'partition', 'comment'], lines))
    })
}
