import type { Action, Metadata, Protocol } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import { ENABLE_IN_COMMIT_TIMESTAMPS } from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'

/** Whether commits bear their own time (PROTOCOL.md, "In-Commit Timestamps"). */
export function hasInCommitTimestamps(protocol: Protocol, metadata: Metadata): boolean {
  return hasFeature(protocol, 'inCommitTimestamp') && tableProperty(metadata, ENABLE_IN_COMMIT_TIMESTAMPS)
}

/** The time of a commit: now, and later than the one before. Milliseconds since the epoch. */
export function nextInCommitTimestamp(now: number, previous: number | undefined): number {
  return previous === undefined ? now : Math.max(now, previous + 1)
}

/**
 * The actions of the commit that turns in-commit timestamps on in a table that has commits without them: its metadata says from which version
 * and which time on (PROTOCOL.md, "Writer Requirements for In-Commit Timestamps").
 */
export function recordEnablement(actions: readonly Action[], version: number, timestamp: number): readonly Action[] {
  return actions.map((action) =>
    action.type !== 'metaData'
      ? action
      : {
          ...action,
          configuration: {
            ...action.configuration,
            'delta.inCommitTimestampEnablementVersion': String(version),
            'delta.inCommitTimestampEnablementTimestamp': String(timestamp),
          },
        },
  )
}
