import type { Metadata, Protocol } from '../protocol/actions/action.js'
import { hasFeature } from '../protocol/features/protocol-features.js'
import {
  ENABLE_IN_COMMIT_TIMESTAMPS,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION,
} from '../protocol/properties/table-properties.js'
import { tableProperty } from '../protocol/properties/table-property.js'

/** From where on commits bear their own time; version 0 where they always did. */
export interface InCommitTimestamps {
  readonly fromVersion: number
  /** ms since the epoch; -Infinity where they always did. */
  readonly fromTimestamp: number
}

/** Undefined where the times of the commits' files count (PROTOCOL.md, "In-Commit Timestamps"). */
export function inCommitTimestamps(protocol: Protocol, metadata: Metadata): InCommitTimestamps | undefined {
  if (!hasFeature(protocol, 'inCommitTimestamp') || !tableProperty(metadata, ENABLE_IN_COMMIT_TIMESTAMPS))
    return undefined
  return {
    fromVersion: tableProperty(metadata, IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION) ?? 0,
    fromTimestamp: tableProperty(metadata, IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP) ?? Number.NEGATIVE_INFINITY,
  }
}
