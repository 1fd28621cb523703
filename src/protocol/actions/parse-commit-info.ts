import { isObject, type RawAction } from './action-field.js'

const TYPES = {
  timestamp: 'number',
  inCommitTimestamp: 'number',
  operation: 'string',
  engineInfo: 'string',
  readVersion: 'number',
  isolationLevel: 'string',
  isBlindAppend: 'boolean',
  txnId: 'string',
  userMetadata: 'string',
} as const

/**
 * Puts a commitInfo in order in place. It is free-form (PROTOCOL.md, "Commit Provenance Information"), so nothing in it can make a table
 * unreadable: fields that we know but that have another type are dropped.
 */
export function parseCommitInfo(action: RawAction): void {
  for (const name in TYPES) {
    const value = action[name]
    if (value !== undefined && typeof value !== TYPES[name as keyof typeof TYPES]) action[name] = undefined
  }
  for (const name of ['operationParameters', 'operationMetrics']) {
    if (action[name] !== undefined && !isObject(action[name])) action[name] = undefined
  }
}
