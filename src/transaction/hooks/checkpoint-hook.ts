import { CHECKPOINT_INTERVAL } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import type { PostCommitHook } from './post-commit-hook.js'

/** Writes a checkpoint every `delta.checkpointInterval` versions. Of many writers only the one whose commit has that version does it. */
export const checkpointHook: PostCommitHook = {
  name: 'checkpoint',
  applies: ({ snapshot }) =>
    snapshot.version > 0 && snapshot.version % tableProperty(snapshot.metadata, CHECKPOINT_INTERVAL) === 0,
  run: async ({ snapshot }, signal) => {
    // Loaded late: most commits write none.
    const { writeCheckpoint } = await import('../../snapshot/write-checkpoint.js')
    await writeCheckpoint(snapshot, signal === undefined ? {} : { signal })
  },
}
