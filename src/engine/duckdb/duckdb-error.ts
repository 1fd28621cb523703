import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import type { ErrorCode } from '../../errors/error-code.js'
import { errorText } from '../../errors/error-text.js'

/** What a statement was for: the same sentence of DuckDB means different things in a query and in a load. */
export interface ErrorContext {
  /** Code of an error in the SQL itself. */
  readonly sqlCode: ErrorCode
  /** Begins the message, e.g. `The query failed`. */
  readonly what: string
}

/** An error of DuckDB in the library's terms, with DuckDB's own sentence; errors that are ours already pass through. */
export function fromDuckDb(error: unknown, context: ErrorContext): DeltaError {
  if (isDeltaError(error)) return error
  const text = errorText(error)
  const { code, advice } = classify(text, context)
  return new DeltaError(code, `${context.what}: ${sentence(text)}${advice}`, { cause: error })
}

/** True where a defect of DuckDB has made an instance unusable for good. */
export function isInvalidated(error: unknown): boolean {
  return /database has been invalidated/i.test(errorText(error))
}

/** DuckDB's message without the excerpt of the statement and without its internals. Of CSV and JSON files: file, line and what is wrong. */
export function sentence(text: string): string {
  const csv = CSV_ERROR.exec(text)
  if (csv !== null) return `${csv[3]}, line ${csv[1]}: ${csv[2]?.trim().replaceAll(/\s*\n\s*/g, ' ')}`
  const json = JSON_ERROR.exec(text)
  if (json !== null) return `${json[1]}, line ${json[2]}: ${json[3]?.trim()}`
  const table = NO_TABLE.exec(text)?.[1]
  if (table !== undefined) return `there is no table ${table}. A query reads only the tables that are named to it.`
  const end = /\n\s*(LINE \d+:|Stack Trace:|Possible solutions:|\* )|\n\nLINE/.exec(text)
  return (end === null ? text : text.slice(0, end.index)).trim().replaceAll(/\s*\n\s*/g, ' ')
}

function classify(text: string, { sqlCode }: ErrorContext): { code: ErrorCode; advice: string } {
  if (/No space left on device|max_temp_directory_size|offload data block/i.test(text)) {
    return {
      code: 'StorageFull',
      advice: '. Free space for temporary files, or choose another folder with tempDirectory.',
    }
  }
  if (text.startsWith('Out of Memory Error')) {
    return { code: 'ResourceExhausted', advice: ' Give the engine more memory, or ask for less at a time.' }
  }
  if (text.includes('lakewright did not fetch')) return INTERNAL
  if (/No such file or directory|No files found that match/.test(text)) return { code: 'DataFileMissing', advice: '' }
  if (/^Binder Error: (Referenced column|Table "[^"]*" does not have a column)/.test(text))
    return { code: 'UnknownColumn', advice: '' }
  if (text.startsWith('Binder Error: Ambiguous reference to column')) return { code: 'AmbiguousColumn', advice: '' }
  if (/^(Parser|Binder|Catalog|Permission|Not implemented|Syntax|Missing Extension) Error/i.test(text)) {
    return { code: sqlCode, advice: '' }
  }
  // What libraries inside DuckDB throw while they decode a file comes without a kind.
  if (DAMAGED.test(text) || text.startsWith('Invalid Error')) return { code: 'CorruptData', advice: '' }
  if (/^(Conversion|Out of Range|Invalid Input|Mismatch Type|Dependency|Parameter Not Resolved) /.test(text)) {
    return { code: sqlCode, advice: '' }
  }
  if (text.startsWith('IO Error')) return { code: 'CorruptData', advice: '' }
  return INTERNAL
}

const INTERNAL = { code: 'Internal', advice: '. This is a defect of lakewright; please report it.' } as const

/** The line, what is wrong, the file. */
const CSV_ERROR =
  /CSV Error on Line: (\d+)\s*(?:Original Line:[^\n]*\n)?([\s\S]*?)\n\s*(?:Possible|Column \w+ is)[\s\S]*?\n\s*file = ([^\n]*)/

/** The file, the line, what is wrong. */
const JSON_ERROR = /JSON transform error in file "([^\n]+)", in line (\d+): ([^\n]*?)(?:\s*Try setting|\n|$)/

/** Of a table that a query names; the advice that follows is about tables of DuckDB's own. */
const NO_TABLE = /^Catalog Error: Table with name (.+?) does not exist!/

/** What DuckDB says of Parquet files that do not decode. */
const DAMAGED =
  /parquet|magic bytes|TProtocolException|snappy|zstd|decompress|Out of buffer|Metadata .* out of range|page header|dictionary/i
