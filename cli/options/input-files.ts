import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Option } from 'commander'
import { DeltaError, type FileFormat, type FileSource, files } from '../../src/index.js'
import type { CommandContext } from '../command-context.js'

const FORMATS: readonly FileFormat[] = ['csv', 'ndjson', 'parquet', 'arrow']

export function inputFormatOption(): Option {
  return new Option('--format <format>', 'format of the files (default: by their names)').choices(FORMATS)
}

/**
 * Hands the files of a command line to `use`. `-` is stdin: it is kept in a temporary file meanwhile, because formats are read more than once.
 *
 * @throws InvalidArgument for stdin without a format
 */
export async function withInputFiles<T>(
  paths: readonly string[],
  format: FileFormat | undefined,
  { terminal, signal }: CommandContext,
  use: (source: FileSource) => Promise<T>,
): Promise<T> {
  const options = format === undefined ? {} : { format }
  if (!paths.includes('-')) return use(files(paths, options))
  if (format === undefined) {
    throw new DeltaError('InvalidArgument', `Say what comes in on stdin: --format ${FORMATS.join(', ')}.`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'lakewright-stdin-'))
  try {
    const spooled = join(folder, `stdin.${format}`)
    await pipeline(terminal.stdin, createWriteStream(spooled), { signal }).catch((cause: NodeJS.ErrnoException) => {
      throw spoolError(spooled, signal, cause)
    })
    return await use(
      files(
        paths.map((path) => (path === '-' ? spooled : path)),
        options,
      ),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function spoolError(path: string, signal: AbortSignal, cause: NodeJS.ErrnoException): unknown {
  if (signal.aborted) return new DeltaError('Aborted', 'Reading stdin was aborted.', { cause })
  if (cause.code !== 'ENOSPC' && cause.code !== 'EDQUOT') return cause
  return new DeltaError('StorageFull', `No space is left to keep stdin in ${path}. Free some, or set TMPDIR.`, {
    cause,
  })
}
