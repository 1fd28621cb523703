import { ROW_TRACKING_DOMAIN } from '../rebase/row-tracking.js'
import type { ConflictRule } from './conflict-rule.js'

/** A winner that set a metadata domain that this commit sets too. The one of row tracking is counted on from the winner's instead. */
export const concurrentDomain: ConflictRule = {
  code: 'ConcurrentTransaction',
  help: 'Refresh the table and repeat the operation.',
  find(pending, winner) {
    const domain = [...pending.domains].find((name) => name !== ROW_TRACKING_DOMAIN && winner.domains.has(name))
    return domain === undefined ? undefined : { what: `set the metadata domain '${domain}' too` }
  },
}
