import type { Command } from 'commander'
import { collectProperty } from '../../options/compound.js'
import { nameList } from '../../options/name-list.js'
import type { AlterEntry } from './alter-entry.js'

/** The changes of properties, constraints, features, and of what the table says of itself. */
export const TABLE_CHANGES: readonly AlterEntry[] = [
  {
    name: 'set-property',
    summary: 'Set table properties; those that turn features on upgrade the protocol',
    example: 'set-property delta.enableChangeDataFeed=true owner=me',
    define: (command) => {
      command.argument('<property...>', 'key=value', collectProperty)
    },
    run: (alter, [properties], _options, library) => alter.setProperties(properties as Record<string, string>, library),
  },
  {
    name: 'unset-property',
    summary: 'Take table properties away',
    example: 'unset-property owner',
    define: (command) => ifExists(command.argument('<key...>', 'names of properties')),
    run: (alter, [keys], options, library) => alter.unsetProperties(keys as string[], { ...library, ...options }),
  },
  {
    name: 'add-constraint',
    summary: 'Add a condition that every row must fulfil',
    example: "add-constraint positive 'amount > 0'",
    define: (command) => {
      command.argument('<name>', 'of the constraint').argument('<condition>', 'Spark SQL')
    },
    run: (alter, [name, condition], _options, library) =>
      alter.addConstraint(name as string, condition as string, library),
  },
  {
    name: 'drop-constraint',
    summary: 'Drop a condition of that kind',
    example: 'drop-constraint positive',
    define: (command) => ifExists(command.argument('<name>', 'of the constraint')),
    run: (alter, [name], options, library) => alter.dropConstraint(name as string, { ...library, ...options }),
  },
  {
    name: 'rename-table',
    summary: 'Set the name in the metadata; where the table lies stays',
    example: 'rename-table events',
    define: (command) => {
      command.argument('[name]', 'left out: takes the name away')
    },
    run: (alter, [name], _options, library) => alter.describe({ name: textOrNull(name) }, library),
  },
  {
    name: 'description',
    summary: 'Say what the table is for',
    example: "description 'every click since 2026'",
    define: (command) => {
      command.argument('[text]', 'left out: takes the description away')
    },
    run: (alter, [text], _options, library) => alter.describe({ description: textOrNull(text) }, library),
  },
  {
    name: 'cluster-by',
    summary: 'Name the columns that engines are to keep rows together by',
    example: 'cluster-by id,at',
    define: (command) => {
      command.argument('[columns]', 'separated by commas; left out: none', nameList)
    },
    run: (alter, [columns], _options, library) => alter.clusterBy((columns as string[] | undefined) ?? [], library),
  },
  {
    name: 'drop-feature',
    summary: 'Take a feature out of the protocol',
    example: 'drop-feature deletionVectors',
    define: (command) => {
      command.argument('<feature>', 'as `lakewright compat` names it')
    },
    run: (alter, [name], _options, library) => alter.dropFeature(name as string, library),
  },
]

function ifExists(command: Command): void {
  command.option('--if-exists', 'pass over what the table does not have')
}

function textOrNull(text: unknown): string | null {
  return typeof text === 'string' ? text : null
}
