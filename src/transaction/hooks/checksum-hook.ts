import { CHECKPOINT_INTERVAL, WRITE_CHECKSUMS } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { actionsOf } from '../file-actions.js'
import type { PostCommitHook } from './post-commit-hook.js'

/** Writes the version checksum of versions that get a checkpoint, or of all, as `lakewright.writeChecksums` says. */
export const checksumHook: PostCommitHook = {
  name: 'version checksum',
  applies: ({ snapshot: { version, metadata } }) => {
    const when = tableProperty(metadata, WRITE_CHECKSUMS)
    return (
      when === 'commits' || (when === 'checkpoints' && version % tableProperty(metadata, CHECKPOINT_INTERVAL) === 0)
    )
  },
  run: async ({ snapshot, actions }, signal) => {
    const { writeChecksum } = await import('../../snapshot/write-checksum.js')
    await writeChecksum(snapshot, { txnId: actionsOf(actions, 'commitInfo')[0]?.txnId, signal })
  },
}
