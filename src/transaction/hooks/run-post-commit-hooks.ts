import { errorText } from '../../errors/error-text.js'
import { tell } from '../../runtime/observer.js'
import { checkpointHook } from './checkpoint-hook.js'
import { checksumHook } from './checksum-hook.js'
import { logCleanupHook } from './log-cleanup-hook.js'
import { logCompactionHook } from './log-compaction-hook.js'
import type { LandedCommit, PostCommitHook } from './post-commit-hook.js'

/** In this order: a cleanup counts on the checkpoint. */
const POST_COMMIT_HOOKS: readonly PostCommitHook[] = [checkpointHook, checksumHook, logCompactionHook, logCleanupHook]

/** Runs the hooks that a commit calls for, one after the other. Failures are told to the observer as warnings. */
export async function runPostCommitHooks(commit: LandedCommit, signal?: AbortSignal): Promise<void> {
  for (const hook of POST_COMMIT_HOOKS) {
    try {
      if (hook.applies(commit)) await hook.run(commit, signal)
    } catch (error) {
      const message = `Version ${commit.snapshot.version} of ${commit.snapshot.location.url} was committed, but its ${hook.name} failed: ${errorText(error)}`
      tell(commit.snapshot.location.runtime.observer, { type: 'warning', message })
    }
  }
}
