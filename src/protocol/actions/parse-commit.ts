import { errorText } from '../../errors/error-text.js'
import type { JsonValue } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'
import type { Action } from './action.js'
import { corruptCommit } from './corrupt-commit.js'
import { parseAction } from './parse-action.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * A number of 16 digits or more outside of strings. Statistics, which are JSON inside of a string, have an escaped quote before the colon and
 * are skipped: they would send most commits through the slow parser.
 */
const LONG_NUMBER = /(?:(?<![^\\]\\)":|[[,])\s*-?\d{16}/

/**
 * The actions of a commit, a log compaction file or a JSON checkpoint, in order (PROTOCOL.md, "Delta Log Entries": one JSON document a line).
 * Unknown actions are left out, unknown fields stay.
 *
 * CorruptLog with the file and the line where a line is cut, is not JSON, or lacks a required field.
 * @param path names the file in errors.
 */
export function parseCommit(bytes: Uint8Array, path: string): Action[] {
  const text = decode(bytes, path)
  const actions: Action[] = []
  let line = 0
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    line++
    const action = parseLine(text.slice(start, end), path, line)
    if (action !== undefined) actions.push(action)
    start = end + 1
  }
  return actions
}

function parseLine(line: string, path: string, number: number): Action | undefined {
  if (line.length < 2 && line.trim() === '') return undefined
  try {
    const json = LONG_NUMBER.test(line) ? parseJson(line) : (JSON.parse(line) as JsonValue)
    return parseAction(json)
  } catch (cause) {
    if (line.trim() === '') return undefined
    throw corruptCommit(path, `line ${number}: ${errorText(cause)}`, cause)
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw corruptCommit(path, 'the file is not UTF-8 text', cause)
  }
}
