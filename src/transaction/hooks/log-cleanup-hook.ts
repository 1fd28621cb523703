import type { Metadata, Protocol } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import {
  CHECKPOINT_PROTECTION_VERSION,
  ENABLE_EXPIRED_LOG_CLEANUP,
  LOG_RETENTION_DURATION,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { checkpointHook } from './checkpoint-hook.js'
import type { PostCommitHook } from './post-commit-hook.js'

/** Deletes expired commits and checkpoints after each new checkpoint, unless `delta.enableExpiredLogCleanup` is false. */
export const logCleanupHook: PostCommitHook = {
  name: 'log cleanup',
  applies: (commit) =>
    tableProperty(commit.snapshot.metadata, ENABLE_EXPIRED_LOG_CLEANUP) && checkpointHook.applies(commit),
  run: async ({ snapshot: { location, metadata, protocol } }, signal) => {
    const { cleanUpLog } = await import('../../log/cleanup/clean-up-log.js')
    const retention = tableProperty(metadata, LOG_RETENTION_DURATION)
    await cleanUpLog(location, { retention, protectedBefore: protectedBefore(protocol, metadata), signal })
  },
}

/** Nothing goes of a table that protects its checkpoints and does not say which. */
function protectedBefore(protocol: Protocol, metadata: Metadata): number {
  if (!hasFeature(protocol, 'checkpointProtection')) return 0
  return tableProperty(metadata, CHECKPOINT_PROTECTION_VERSION) ?? Number.POSITIVE_INFINITY
}
