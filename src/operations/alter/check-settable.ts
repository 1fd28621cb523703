import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata } from '../../protocol/actions/action.js'
import {
  COLUMN_MAPPING_MAX_COLUMN_ID,
  ENABLE_ROW_TRACKING,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION,
  ROW_COMMIT_VERSION_COLUMN_NAME,
  ROW_ID_COLUMN_NAME,
  ROW_TRACKING_SUSPENDED,
} from '../../protocol/properties/table-properties.js'
import { tableProperty } from '../../protocol/properties/table-property.js'
import { CONSTRAINT_PREFIX } from '../../protocol/rules/constraint-properties.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** Properties in which writers keep what they have to know. */
const KEPT_BY_WRITERS: readonly string[] = [
  COLUMN_MAPPING_MAX_COLUMN_ID.key,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_TIMESTAMP.key,
  IN_COMMIT_TIMESTAMP_ENABLEMENT_VERSION.key,
  ROW_COMMIT_VERSION_COLUMN_NAME.key,
  ROW_ID_COLUMN_NAME.key,
  'delta.requireCheckpointProtectionBeforeVersion',
]

/** Passes if properties are a user's to set and unset. InvalidArgument, saying what to do, otherwise. */
export function checkSettable(keys: readonly string[]): void {
  for (const key of keys) {
    if (KEPT_BY_WRITERS.includes(key)) {
      throw new DeltaError(
        'InvalidArgument',
        `The table property ${key} is kept by writers: it cannot be set or unset.`,
        {
          details: { property: key },
        },
      )
    }
    if (key.startsWith(CONSTRAINT_PREFIX)) {
      throw new DeltaError(
        'InvalidArgument',
        `${key} is a constraint, for which the rows that are there must be checked: add or drop it with add-constraint and drop-constraint.`,
        { details: { property: key } },
      )
    }
  }
}

/** Passes if a table may get other properties than it has. InvalidArgument otherwise. */
export function checkTransitions({ metadata: before }: Snapshot, after: Metadata): void {
  const enables = tableProperty(after, ENABLE_ROW_TRACKING) && !tableProperty(before, ENABLE_ROW_TRACKING)
  if (!enables || !tableProperty(after, ROW_TRACKING_SUSPENDED)) return
  throw new DeltaError(
    'InvalidArgument',
    `Row tracking cannot be enabled while it is suspended: set ${ROW_TRACKING_SUSPENDED.key} to false first.`,
    { details: { property: ENABLE_ROW_TRACKING.key } },
  )
}
