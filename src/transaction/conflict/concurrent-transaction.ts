import type { ConflictRule } from './conflict-rule.js'

/** A winner that recorded progress of the same application: two of its instances run at once. */
export const concurrentTransaction: ConflictRule = {
  code: 'ConcurrentTransaction',
  help: 'Run one writer an application id; repeating the operation skips what has been committed.',
  find(pending, winner) {
    const appId = [...pending.appIds].find((id) => winner.appIds.has(id))
    return appId === undefined ? undefined : { what: `committed a transaction of the same application '${appId}'` }
  },
}
