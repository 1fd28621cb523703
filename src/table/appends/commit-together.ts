import { isDeltaError } from '../../errors/delta-error.js'
import { nothingAppended } from '../../operations/append.js'
import { sharedLimits } from '../../operations/operation/commit-limits.js'
import { commitWrite } from '../../operations/operation/commit-write.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { afterWrite } from '../after-write.js'
import { mergeWrites } from './commit-group.js'
import type { HeldTable } from './held-table.js'
import type { PreparedAppend } from './pending-append.js'
import { sharedSignal } from './shared-signal.js'

/** Commits some prepared appends as one version, and settles them. Never throws. */
export async function commitTogether(table: HeldTable, group: readonly PreparedAppend[]): Promise<void> {
  const fresh: PreparedAppend[] = []
  try {
    const base = baseOf(table, group)
    for (const prepared of group) {
      if (await isCommitted(prepared, base)) settleSkipped(prepared, base)
      else fresh.push(prepared)
    }
    const [first, ...others] = fresh
    if (first === undefined) return
    const writes = [first.write, ...others.map(({ write }) => write)] as const
    const callers = membersOf(fresh).map(({ append }) => append.options)
    const signal = sharedSignal(callers.map((options) => options.signal))
    const merged = mergeWrites(writes, base.location.runtime.clock.now())
    const written = await commitWrite(base, merged, { signal, ...sharedLimits(callers) })
    const { result } = written
    table.keep(await afterWrite(written))
    for (const { append, metrics } of membersOf(fresh)) {
      append.resolve(result.skipped ? result : { version: result.version, operation: result.operation, metrics })
    }
  } catch (error) {
    if (fresh.length > 1 && isDeltaError(error, 'ConcurrentTransaction')) {
      // Another instance of one of the applications was faster: that is no matter of the others.
      for (const prepared of fresh) await commitTogether(table, [prepared])
    } else {
      for (const { append } of membersOf(group)) append.reject(error)
    }
  }
}

/**
 * The newest version for which the files were written: the one that the handle holds, unless its schema or protocol is another by now. Then the commit finds
 * out on its way whether the files suit it.
 */
function baseOf(table: HeldTable, group: readonly PreparedAppend[]): Snapshot {
  const snapshot = table.snapshot()
  const newest = group.reduce((a, b) => (b.base.version > a.base.version ? b : a), group[0] as PreparedAppend).base
  const isSame = snapshot.metadata === newest.metadata && snapshot.protocol === newest.protocol
  return isSame && snapshot.version > newest.version ? snapshot : newest
}

/** Whether the load was committed before, by an append that was on its way at the same time. */
async function isCommitted({ write: { txn } }: PreparedAppend, base: Snapshot): Promise<boolean> {
  if (txn === undefined) return false
  const seen = await base.transactionVersion(txn.appId)
  return seen !== undefined && seen >= txn.version
}

function settleSkipped({ members }: PreparedAppend, base: Snapshot): void {
  for (const { append } of members) append.resolve(nothingAppended(base).result)
}

function membersOf(group: readonly PreparedAppend[]): PreparedAppend['members'] {
  return group.flatMap(({ members }) => members)
}
