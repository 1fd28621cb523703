import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { DeltaError, DeltaTable } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { collectProperty } from '../options/compound.js'
import { nameList } from '../options/name-list.js'
import { printDocument } from '../output/print-result.js'

interface CreateCommandOptions extends CommonOptions {
  readonly schema: string
  readonly partitionBy?: string[]
  readonly property?: Record<string, string>
  readonly constraint?: Record<string, string>
  readonly name?: string
  readonly description?: string
  readonly ifNotExists?: boolean
}

export function define(command: Command, context: CommandContext): void {
  commonOptions(
    command,
    "create s3://lake/events --schema 'id BIGINT NOT NULL, at TIMESTAMP, kind STRING' --partition-by kind",
  )
    .argument('<table>', 'where the table will be')
    .requiredOption(
      '--schema <columns>',
      "columns as SQL ('id BIGINT NOT NULL, at TIMESTAMP') or a file with Delta's schema JSON",
    )
    .addOption(new Option('--partition-by <columns>', 'columns whose values become folders').argParser(nameList))
    .addOption(new Option('--property <key=value>', 'a table property; may be repeated').argParser(collectProperty))
    .addOption(
      new Option(
        '--constraint <name=condition>',
        "what every row must fulfil, as in 'positive=amount > 0'; may be repeated",
      ).argParser(collectProperty),
    )
    .option('--name <name>', 'name of the table')
    .option('--description <text>', 'what the table is for')
    .option('--if-not-exists', 'leave a table that is there as it is')
    .action(async (url: string, options: CreateCommandOptions) => {
      const table = await DeltaTable.create(url, {
        ...libraryOptions(options, context),
        schema: await schemaOf(options.schema),
        partitionBy: options.partitionBy,
        properties: options.property,
        constraints: options.constraint,
        name: options.name,
        description: options.description,
        ifNotExists: options.ifNotExists,
      })
      const result = { version: table.version, operation: 'CREATE TABLE', location: table.url }
      await printDocument(result, options, context, ({ location, version }) => `${location}: version ${version}\n`)
    })
}

async function schemaOf(text: string): Promise<string> {
  if (!/\.json$/i.test(text)) return text
  try {
    return await readFile(text, 'utf8')
  } catch (cause) {
    throw new DeltaError('ObjectNotFound', `The schema file ${text} cannot be read.`, {
      cause,
      details: { path: text },
    })
  }
}
