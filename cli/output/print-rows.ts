import { Option } from 'commander'
import { DeltaError } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'
import { jsonText } from './json-text.js'
import { writeOutputFile } from './output-file.js'
import { formatRows, ROW_FORMATS, type RowFormat } from './row-formats.js'
import { countedSource, type RowSource } from './row-source.js'

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
 * Prints rows, or writes them to a file; then `--json` prints a document that says what was written.
 *
 * @throws InvalidArgument for columnar bytes on a screen, and for a file that cannot be written or whose format cannot be told; StorageFull
 */
export async function printRows(source: RowSource, options: RowOutputOptions, context: CommandContext): Promise<void> {
  const { stdout } = context.terminal
  const { output, json } = options
  const format = chosenFormat(options)
  if (output === undefined) {
    if ((format === 'parquet' || format === 'arrow') && stdout.isTTY) {
      throw new DeltaError('InvalidArgument', `${format} is no text: write it to a file with -o FILE, or into a pipe.`)
    }
    const width = stdout.isTTY ? stdout.columns : undefined
    for await (const piece of formatRows(format, source, { width, note: context.note })) await context.print(piece)
    return
  }
  const counted = countedSource(source)
  await writeOutputFile(output, formatRows(format, counted.source, { note: context.note }))
  if (json) await context.print(`${jsonText({ output, format, rows: counted.rows() }, 2)}\n`)
}

function chosenFormat({ json, format, output }: RowOutputOptions): RowFormat {
  if (output === undefined) return json ? 'json' : (format ?? 'table')
  if (format !== undefined) return format
  const ending = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase()
  const known = ending === 'jsonl' ? 'ndjson' : ROW_FORMATS.find((each) => each === ending)
  if (known !== undefined) return known
  throw new DeltaError('InvalidArgument', `The format of ${output} cannot be told by its name: give it with --format.`)
}
