import { TABLE_FEATURES } from '../../src/protocol/features/feature-registry.js'
import { ENGINES, type FeatureSupport, type TableFeature } from '../../src/protocol/features/table-feature.js'

/** docs/protocol-coverage.md, from the table of features that the library itself goes by. */
export function protocolCoverage(): string {
  return `# Protocol coverage

What lakewright does with each feature of the Delta protocol, and which engines can read tables that have it. A table whose protocol asks for a feature that
is refused, or that is not listed here, is refused by name before anything is read or written. \`readerCompatibility\` says the same of one table.

This file is made from \`src/protocol/features\`: \`npx vitest run tests/protocol/features/protocol-coverage.test.ts -u\` writes it anew.

${table(['Feature', 'Implied by', 'Read', 'Write', ...ENGINES], TABLE_FEATURES.map(row))}

"Implied by" gives the reader and writer versions that imply the feature without naming it. Features for writers alone do not keep any engine from reading.

## What is refused, and why

${TABLE_FEATURES.flatMap(refusals).join('\n')}
`
}

function row(feature: TableFeature): string[] {
  const { legacy } = feature
  const versions = legacy === undefined ? '' : [legacy.readerVersion ?? '-', legacy.writerVersion].join(' / ')
  const engines = ENGINES.map((engine) => (feature.readableBy.includes(engine) ? 'yes' : 'no'))
  const read = feature.kind === 'writer' ? 'any reader' : word(feature.read)
  return [`\`${feature.name}\``, versions, read, word(feature.write), ...engines]
}

function word(support: FeatureSupport): string {
  if (support.status === 'supported') return 'yes'
  return support.unless === undefined ? 'refused' : 'refused if used'
}

function refusals({ name, read, write }: TableFeature): string[] {
  const support = read.status === 'refused' ? read : write
  if (support.status === 'supported') return []
  const what = read.status === 'refused' ? 'Reading and writing' : 'Writing'
  const unless = support.unless === undefined ? '' : ` Not refused where ${support.unless.text}.`
  return [`* \`${name}\`: ${what}, because ${support.reason}.${unless}`]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '-'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
