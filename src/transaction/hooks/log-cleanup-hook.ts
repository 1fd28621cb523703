import { hasFeature } from '../../protocol/features/protocol-features.js'
import { ENABLE_EXPIRED_LOG_CLEANUP, LOG_RETENTION_DURATION } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { checkpointHook } from './checkpoint-hook.js'
import type { PostCommitHook } from './post-commit-hook.js'

/** Deletes expired commits and checkpoints after each new checkpoint, unless `delta.enableExpiredLogCleanup` is false or the table protects its checkpoints. */
export const logCleanupHook: PostCommitHook = {
  name: 'log cleanup',
  applies: (commit) => {
    const { protocol, metadata } = commit.snapshot
    const mayCleanUp =
      tableProperty(metadata, ENABLE_EXPIRED_LOG_CLEANUP) && !hasFeature(protocol, 'checkpointProtection')
    return mayCleanUp && checkpointHook.applies(commit)
  },
  run: async ({ snapshot: { location, metadata } }, signal) => {
    const { cleanUpLog } = await import('../../log/cleanup/clean-up-log.js')
    await cleanUpLog(location, tableProperty(metadata, LOG_RETENTION_DURATION), signal)
  },
}
