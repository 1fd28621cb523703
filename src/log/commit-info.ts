import type { CommitInfo } from '../protocol/actions/action.js'
import { parseCommit } from '../protocol/actions/parse-commit.js'

const NEWLINE = 0x0a
const COMMIT_INFO = '{"commitInfo"'

/**
 * The commitInfo of a commit; undefined where it has none. Where it stands in the first line, as nearly all writers put it, nothing else is parsed.
 *
 * @param path names the file in errors
 * @throws CorruptLog
 */
export function commitInfoOf(bytes: Uint8Array, path: string): CommitInfo | undefined {
  const end = bytes.indexOf(NEWLINE)
  const first = end < 0 ? bytes : bytes.subarray(0, end)
  const isInfo = COMMIT_INFO === String.fromCharCode(...first.subarray(0, COMMIT_INFO.length))
  return parseCommit(isInfo ? first : bytes, path).find((action): action is CommitInfo => action.type === 'commitInfo')
}
