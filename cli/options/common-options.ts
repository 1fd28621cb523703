import type { Command } from 'commander'
import type { Observer, StorageOptions } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'

/** The options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean
  readonly debug?: boolean
  readonly endpoint?: string
  readonly region?: string
}

/** Adds the options that every command takes, and its example. */
export function commonOptions(command: Command, example: string): Command {
  return command
    .option('--json', 'print one JSON document and nothing else')
    .option('--endpoint <url>', 'S3 endpoint, for servers other than AWS')
    .option('--region <name>', "S3 region (default: the AWS SDK's own chain)")
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', `\nExample:\n  lakewright ${example}`)
}

/** What the library takes in every call. */
export interface LibraryOptions {
  readonly storage: StorageOptions
  readonly signal: AbortSignal
  readonly observer: Observer
}

export function libraryOptions(
  { endpoint, region }: CommonOptions,
  { signal, observer }: CommandContext,
): LibraryOptions {
  return {
    storage: { s3: { ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }) } },
    signal,
    observer,
  }
}
