import { errorText } from '../../errors/error-text.js'
import type { Action } from '../../protocol/actions/action.js'
import { corruptCommit } from '../../protocol/actions/corrupt-commit.js'
import { parseAction } from '../../protocol/actions/parse-action.js'
import type { JsonValue } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'

const decoder = new TextDecoder('utf-8', { fatal: true })
const NEWLINE = 0x0a
/** Larger commits are decoded piece by piece: a text may not be longer than 2^29 characters. */
const PIECE_BYTES = 32 << 20
const COMMIT_INFO = '{"commitInfo":'

/**
 * Hands the actions of a commit, or of a JSON checkpoint, to `visit`, the last line first: in replay the newest action of a file is the one that
 * counts. A commitInfo, which replay does not need, may be passed over unread.
 *
 * @param path names the file in errors
 * @throws CorruptLog with the file and the line where a line is cut, is no JSON, or lacks a required field
 */
export function visitCommitBackward(bytes: Uint8Array, path: string, visit: (action: Action) => void): void {
  for (let end = bytes.length; end > 0; ) {
    const start = end <= PIECE_BYTES ? 0 : bytes.lastIndexOf(NEWLINE, end - PIECE_BYTES) + 1
    const text = decode(bytes.subarray(start, end), path)
    for (let lineEnd = text.length; lineEnd >= 0; ) {
      const newline = lineEnd === 0 ? -1 : text.lastIndexOf('\n', lineEnd - 1)
      // A line that nothing follows may be cut, so it is parsed in any case.
      const line = text.slice(newline + 1, lineEnd)
      if (lineEnd === text.length || !line.startsWith(COMMIT_INFO)) {
        try {
          const action = parseLine(line)
          if (action !== undefined) visit(action)
        } catch (cause) {
          const number = countNewlines(bytes, start) + text.slice(0, newline + 1).split('\n').length
          throw corruptCommit(path, `line ${number}: ${errorText(cause)}`, cause)
        }
      }
      lineEnd = newline
    }
    end = start
  }
}

function parseLine(line: string): Action | undefined {
  if (line.length < 2 && line.trim() === '') return undefined
  let json: JsonValue
  try {
    json = JSON.parse(line) as JsonValue
  } catch (cause) {
    if (line.trim() === '') return undefined
    throw cause
  }
  const action = parseAction(json)
  return action === undefined || isExact(action) ? action : parseAction(parseJson(line))
}

const PLAIN_ADD: ReadonlySet<string> = new Set([
  'type',
  'path',
  'partitionValues',
  'size',
  'modificationTime',
  'dataChange',
  'stats',
  'tags',
  'deletionVector',
  'baseRowId',
  'defaultRowCommitVersion',
  'clusteringProvider',
])

/** Whether a double held every number of an action: all but files of plain fields are parsed once more where they may have longer ones. */
function isExact(action: Action): boolean {
  if (action.type === 'remove') return true
  if (action.type !== 'add') return false
  for (const name in action) if (!PLAIN_ADD.has(name)) return false
  return true
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw corruptCommit(path, 'the file is not UTF-8 text', cause)
  }
}

function countNewlines(bytes: Uint8Array, end: number): number {
  let count = 0
  for (let i = 0; i < end; i++) if (bytes[i] === NEWLINE) count++
  return count
}
