import type { JsonValue } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'
import type { Action } from './action.js'

const encoder = new TextEncoder()

/** The bytes of a commit: one JSON document a line, in the order given (PROTOCOL.md, "Delta Log Entries"). */
export function serializeCommit(actions: readonly Action[]): Uint8Array {
  return encoder.encode(actions.map((action) => `${actionJson(action)}\n`).join(''))
}

function actionJson(action: Action): string {
  const { type, ...fields } = action
  return stringifyJson({ [type]: fields as unknown as JsonValue })
}
