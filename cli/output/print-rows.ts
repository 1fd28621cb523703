import { open, unlink } from 'node:fs/promises'
import { Option } from 'commander'
import { DeltaError } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { formatRows, ROW_FORMATS, type RowFormat } from './row-formats.js'
import type { RowSource } from './row-source.js'

/** Where rows go, and in what form. */
export interface RowOutputOptions {
  readonly json?: boolean
  readonly format?: RowFormat
  readonly output?: string
}

export function formatOption(): Option {
  return new Option('--format <format>', 'form of the rows').choices(ROW_FORMATS)
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write to a file; its ending tells the format')
}

/**
 * Prints rows, or writes them to a file. A file that could not be finished is removed.
 *
 * @throws InvalidArgument for columnar bytes on a screen, and for a file whose format cannot be told
 */
export async function printRows(source: RowSource, options: RowOutputOptions, context: CommandContext): Promise<void> {
  const { stdout } = context.terminal
  const format = chosenFormat(options)
  if (options.output === undefined) {
    if ((format === 'parquet' || format === 'arrow') && stdout.isTTY) {
      throw new DeltaError('InvalidArgument', `${format} is no text: write it to a file with -o FILE, or into a pipe.`)
    }
    const width = stdout.isTTY ? stdout.columns : undefined
    for await (const piece of formatRows(format, source, { width, note: context.note })) await context.print(piece)
    return
  }
  const file = await open(options.output, 'w')
  try {
    for await (const piece of formatRows(format, source, { note: context.note })) await file.appendFile(piece)
    await file.close()
  } catch (error) {
    await file.close()
    await unlink(options.output).catch(() => undefined)
    throw error
  }
}

function chosenFormat({ json, format, output }: RowOutputOptions): RowFormat {
  if (json) return 'json'
  if (format !== undefined) return format
  if (output === undefined) return 'table'
  const ending = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase()
  const known = ending === 'jsonl' ? 'ndjson' : ROW_FORMATS.find((each) => each === ending)
  if (known !== undefined) return known
  throw new DeltaError('InvalidArgument', `The format of ${output} cannot be told by its name: give it with --format.`)
}
