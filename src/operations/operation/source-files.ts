import type { FileFormat } from '../../engine/query-engine.js'
import { DeltaError } from '../../errors/delta-error.js'
import { matchFiles } from '../../runtime/node/match-files.js'
import type { FileSource } from './file-source.js'

const FORMATS: { readonly [ending: string]: FileFormat } = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
}

/**
 * The files that a source stands for, by format, in the order given.
 *
 * @throws ObjectNotFound where a name or pattern finds nothing; InvalidInput where the format cannot be told
 */
export async function sourceFiles(source: FileSource): Promise<ReadonlyMap<FileFormat, readonly string[]>> {
  const groups = new Map<FileFormat, string[]>()
  for (const pattern of source.patterns) {
    if (/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(pattern)) {
      throw new DeltaError('InvalidInput', `"${pattern}" is not on the local disk: files are loaded from there.`, {
        details: { path: pattern },
      })
    }
    const found = await matchFiles(pattern)
    if (found.length === 0) {
      throw new DeltaError(
        'ObjectNotFound',
        `No file matches "${pattern}". Check the path; folders are named as "folder/*.csv".`,
        {
          details: { path: pattern },
        },
      )
    }
    for (const path of found) {
      const format = source.format ?? formatOf(path)
      groups.set(format, [...(groups.get(format) ?? []), path])
    }
  }
  return groups
}

function formatOf(path: string): FileFormat {
  const ending = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase()
  const format = ending === undefined ? undefined : FORMATS[ending]
  if (format !== undefined) return format
  throw new DeltaError(
    'InvalidInput',
    `The format of "${path}" cannot be told by its name. Give it: csv, ndjson, parquet or arrow.`,
    { details: { path } },
  )
}
