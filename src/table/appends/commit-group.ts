import type { PreparedWrite } from '../../operations/operation/commit-write.js'
import type { Action } from '../../protocol/actions/action.js'
import type { PreparedAppend } from './pending-append.js'

/**
 * Takes out of `waiting` the first append and all that can be committed with it: plain appends of files that were written for the same schema and
 * protocol, with the same note for the history, each for another application id.
 */
export function takeGroup(waiting: PreparedAppend[]): PreparedAppend[] {
  const [first, ...others] = waiting.splice(0)
  if (first === undefined) return []
  const group = [first]
  const appIds = new Set(appIdsOf(first))
  for (const other of others) {
    const fits = canShare(first, other) && !appIdsOf(other).some((appId) => appIds.has(appId))
    if (!fits) {
      waiting.push(other)
      continue
    }
    group.push(other)
    for (const appId of appIdsOf(other)) appIds.add(appId)
  }
  return group
}

/** The one commit of some appends. */
export function mergeWrites(writes: readonly [PreparedWrite, ...PreparedWrite[]], now: number): PreparedWrite {
  const [first, ...others] = writes
  if (others.length === 0) return first
  const { txn: _, ...shared } = first
  const metrics: Record<string, number> = {}
  for (const write of writes) {
    for (const [name, value] of Object.entries(write.metrics)) metrics[name] = (metrics[name] ?? 0) + value
  }
  return { ...shared, metrics, actions: writes.flatMap((write) => [...write.actions, ...transaction(write, now)]) }
}

function transaction({ txn }: PreparedWrite, now: number): readonly Action[] {
  return txn === undefined ? [] : [{ type: 'txn', appId: txn.appId, version: txn.version, lastUpdated: now }]
}

function canShare(a: PreparedAppend, b: PreparedAppend): boolean {
  return (
    isPlainAppend(a.write) &&
    isPlainAppend(b.write) &&
    a.base.metadata === b.base.metadata &&
    a.base.protocol === b.base.protocol &&
    a.write.operation === b.write.operation &&
    a.write.userMetadata === b.write.userMetadata
  )
}

/** It reads nothing and only adds files: whatever else it may be committed with, it means the same. */
function isPlainAppend({ actions, read, isolation }: PreparedWrite): boolean {
  return isolation === undefined && Object.keys(read).length === 0 && actions.every(({ type }) => type === 'add')
}

function appIdsOf({ write }: PreparedAppend): readonly string[] {
  return write.txn === undefined ? [] : [write.txn.appId]
}
