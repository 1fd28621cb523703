import { type Command, InvalidArgumentError, Option } from 'commander'
import type { RowChangeOptions as LibraryRowChangeOptions } from '../../src/index.js'
import { transactionId } from './compound.js'
import { memoryOption } from './memory-option.js'

/** What `delete`, `update` and `merge` take. */
export interface RowChangeOptions
  extends Pick<LibraryRowChangeOptions, 'dryRun' | 'rewriteShare' | 'txn' | 'memory' | 'userMetadata'> {
  readonly targetSize?: string
}

export function rowChangeOptions(command: Command): Command {
  return command
    .option('--dry-run', 'say what would be done to how many files and rows, and do not do it')
    .addOption(
      new Option(
        '--rewrite-share <share>',
        'write files anew that lose at least this share of their rows (default 0.75); others get deletion vectors, if the table has them',
      ).argParser(share),
    )
    .addOption(
      new Option('--txn <app:version>', 'do nothing where this version of the application is committed').argParser(
        transactionId,
      ),
    )
    .option('--target-size <size>', 'size of new data files, such as 128MB')
    .option('--user-metadata <text>', 'free text for the history')
    .addOption(memoryOption())
}

/** The options as the library takes them. */
export function libraryRowChange(options: RowChangeOptions): LibraryRowChangeOptions {
  const { dryRun, rewriteShare, txn, targetSize, userMetadata, memory } = options
  return { dryRun, rewriteShare, txn, targetFileSize: targetSize, userMetadata, memory }
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a number from 0 to 1.')
}
