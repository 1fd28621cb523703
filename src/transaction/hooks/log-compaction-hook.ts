import { LOG_COMPACTION_INTERVAL } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { PostCommitHook } from './post-commit-hook.js'

/** Writes a log compaction file of the last `lakewright.logCompactionInterval` commits, once for every so many. */
export const logCompactionHook: PostCommitHook = {
  name: 'log compaction',
  applies: ({ snapshot: { version, metadata } }) => {
    const interval = tableProperty(metadata, LOG_COMPACTION_INTERVAL)
    return interval > 1 && (version + 1) % interval === 0
  },
  run: async ({ snapshot: { version, metadata, location } }, signal) => {
    const { compactCommits } = await import('../../log/compaction/compact-commits.js')
    const first = version + 1 - tableProperty(metadata, LOG_COMPACTION_INTERVAL)
    await compactCommits(location, { first, last: version }, signal)
  },
}
