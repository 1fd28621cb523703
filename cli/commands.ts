import type { Command } from 'commander'
import type { CommandContext } from './command-context.js'

/** A module of commands/: gives a command its arguments, options and action. */
interface CommandModule {
  define(command: Command, context: CommandContext): void
}

interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

/** Every command, in the order of the help. Their modules are loaded when they are called. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'create', summary: 'Create an empty table', load: () => import('./commands/create.js') },
  { name: 'append', summary: 'Add the rows of files to a table', load: () => import('./commands/append.js') },
  {
    name: 'overwrite',
    summary: 'Replace the rows of a table, or of some partitions',
    load: () => import('./commands/overwrite.js'),
  },
  {
    name: 'delete',
    summary: 'Delete rows',
    load: () => import('./commands/delete.js'),
  },
  { name: 'update', summary: 'Set columns of rows', load: () => import('./commands/update.js') },
  {
    name: 'merge',
    summary: 'Update, insert and delete rows by the rows of files',
    load: () => import('./commands/merge.js'),
  },
  {
    name: 'alter',
    summary: 'Change the schema or the properties of a table',
    load: () => import('./commands/alter.js'),
  },
  {
    name: 'apply-changes',
    summary: 'Apply inserts, updates and deletes in any order',
    load: () => import('./commands/apply-changes.js'),
  },
  { name: 'read', summary: 'Print rows of a version', load: () => import('./commands/read.js') },
  { name: 'query', summary: 'Run SQL over tables', load: () => import('./commands/query.js') },
  { name: 'changes', summary: 'Print what happened to rows', load: () => import('./commands/changes.js') },
  { name: 'diff', summary: 'Print the rows in which two versions differ', load: () => import('./commands/diff.js') },
  { name: 'history', summary: 'List the commits of a table', load: () => import('./commands/history.js') },
  { name: 'detail', summary: 'Describe a table', load: () => import('./commands/detail.js') },
  { name: 'schema', summary: 'Print the columns of a table', load: () => import('./commands/schema.js') },
  { name: 'files', summary: 'List the data files of a table', load: () => import('./commands/files.js') },
  {
    name: 'explain',
    summary: 'Say what reading would open, and why not more',
    load: () => import('./commands/explain.js'),
  },
  { name: 'compat', summary: 'Say which engines can read a table', load: () => import('./commands/compat.js') },
  { name: 'optimize', summary: 'Merge small files', load: () => import('./commands/optimize.js') },
  {
    name: 'purge',
    summary: 'Write files with deletion vectors anew, without the rows that were deleted',
    load: () => import('./commands/purge.js'),
  },
  {
    name: 'restore',
    summary: 'Make a table what it was at an older version',
    load: () => import('./commands/restore.js'),
  },
  { name: 'checkpoint', summary: 'Write a checkpoint', load: () => import('./commands/checkpoint.js') },
]
