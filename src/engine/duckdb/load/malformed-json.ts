import { DeltaError, isDeltaError } from '../../../errors/delta-error.js'
import { errorText } from '../../../errors/error-text.js'
import { textLines } from './text-lines.js'

/** What DuckDB says of a line that is not JSON. The line that it counts is not always the one. */
const MALFORMED = /Malformed JSON in file "([^\n]+)", at byte \d+ in line (\d+): ([^.\n]*)/

/** The error of reading NDJSON: where a line is not JSON, one that says which. */
export async function malformedJson(error: unknown): Promise<unknown> {
  const [, path, line, reason] = MALFORMED.exec(errorText(isDeltaError(error) ? (error.cause ?? error) : error)) ?? []
  if (path === undefined) return error
  const number = (await firstMalformed(path)) ?? Number(line)
  return new DeltaError('InvalidInput', `${path}, line ${number}: this is not JSON: ${reason}. Correct the line.`, {
    cause: error,
    details: { path, line: number },
  })
}

async function firstMalformed(path: string): Promise<number | undefined> {
  for await (const { number, text } of textLines(path)) {
    try {
      JSON.parse(text)
    } catch {
      return number
    }
  }
  return undefined
}
