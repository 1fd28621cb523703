import { overlayState } from '../log/replay/table-state.js'
import type { Action } from '../protocol/actions/action.js'
import { checkReadable } from '../protocol/features/check-protocol.js'
import { advanceTotals } from './advance-totals.js'
import { advanceTombstones } from './known-tombstones.js'
import { LogSnapshot } from './log-snapshot.js'
import { type CollectedChanges, changesOf } from './replay/change-collector.js'
import { appendChanges } from './replay/file-changes.js'
import type { FileTotals, Snapshot } from './snapshot.js'

/**
 * The version after `base`, whose commit the caller knows, without reading anything. It shares with `base` what the commit did not
 * change.
 *
 * @param timestamp when it was committed, in milliseconds since the epoch
 * @throws UnsupportedFeature where the commit asks for more than lakewright reads
 */
export function advanceSnapshot(
  base: Snapshot,
  version: number,
  actions: readonly Action[],
  timestamp: number,
): Snapshot {
  if (!(base instanceof LogSnapshot)) throw new TypeError('Only a snapshot that openSnapshot gave can be advanced.')
  return advanceBy(base, version, changesOf(actions), timestamp, advanceTotals(base.knownTotals, actions))
}

/** The same for one commit or more, up to `version`, that were folded before. */
export function advanceBy(
  base: LogSnapshot,
  version: number,
  collected: CollectedChanges,
  timestamp: number,
  totals?: FileTotals,
): LogSnapshot {
  const { location, reader, source } = base
  const { state, changes } = collected
  const { protocol = base.protocol, metadata = base.metadata } = state
  if (protocol !== base.protocol) checkReadable(protocol)
  return new LogSnapshot({
    location,
    reader,
    version,
    timestamp,
    protocol,
    metadata,
    baseState: base.baseState,
    overlay: overlayState(base.overlay, state),
    files: { before: source.before, changes: appendChanges(source.changes, changes) },
    totals,
    tombstones: advanceTombstones(base.knownTombstones, collected),
    schema: metadata.schemaString === base.metadata.schemaString ? base.parsedSchema : undefined,
  })
}
