import type { Command } from 'commander'
import { DeltaTable, type TableDetail } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { type CommonOptions, commonOptions, libraryOptions } from '../options/common-options.js'
import { type VersionOptions, versionOptions } from '../options/version-options.js'
import { compatibilityText } from '../output/compatibility-text.js'
import { printDocument } from '../output/print-result.js'
import { propertiesText } from '../output/table-text.js'

export function define(command: Command, context: CommandContext): void {
  versionOptions(commonOptions(command, 'detail s3://lake/events'))
    .argument('<table>', 'the table')
    .action(async (url: string, options: CommonOptions & VersionOptions) => {
      const library = libraryOptions(options, context)
      const { version, timestamp } = options
      const table = await DeltaTable.open(url, { ...library, version, timestamp })
      await printDocument(await table.detail(library), options, context, detailText)
    })
}

function detailText({ compatibility, tableFeatures, ...detail }: TableDetail): string {
  const properties = Object.entries(detail).map(([name, value]) => {
    const empty =
      typeof value === 'object' && value !== null && !(value instanceof Date) && Object.keys(value).length === 0
    return [name, empty ? '-' : Array.isArray(value) ? value.join(', ') : value] as const
  })
  const features = ['tableFeatures', tableFeatures.length === 0 ? '-' : tableFeatures.join(', ')] as const
  return `${propertiesText([...properties, features])}\n${compatibilityText(compatibility)}`
}
