import { type Command, Option } from 'commander'
import { wholeNumber } from './whole-number.js'

/** `--version N` or `--timestamp T`. */
export interface VersionOptions {
  readonly version?: number
  readonly timestamp?: string
}

export function versionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--version <n>', 'the table as it was at a version').argParser(wholeNumber).conflicts('timestamp'),
    )
    .option('--timestamp <time>', 'the table as it was at an instant, such as 2026-01-01T00:00:00Z')
}
