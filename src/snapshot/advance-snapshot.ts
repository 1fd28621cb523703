import { advanceState, EMPTY_STATE } from '../log/replay/table-state.js'
import type { Action, Metadata, Protocol } from '../protocol/actions/action.js'
import { checkReadable } from '../protocol/features/check-protocol.js'
import { LogSnapshot } from './log-snapshot.js'
import { loggedBase } from './logged-base.js'
import type { Snapshot } from './snapshot.js'

/** Commits that a snapshot holds before it forgets them and reads the log again should somebody want its files. */
const MAX_TAIL = 500

/**
 * The version after `base`, whose commit the caller knows, without reading anything. It shares with `base` what the commit did not
 * change.
 * @param timestamp when it was committed, in milliseconds since the epoch.
 */
export function advanceSnapshot(
  base: Snapshot,
  version: number,
  actions: readonly Action[],
  timestamp: number,
): Snapshot {
  if (!(base instanceof LogSnapshot)) throw new TypeError('Only a snapshot that openSnapshot gave can be advanced.')
  const protocol = actions.find((action): action is Protocol => action.type === 'protocol') ?? base.protocol
  const metadata = actions.find((action): action is Metadata => action.type === 'metaData') ?? base.metadata
  if (protocol !== base.protocol) checkReadable(protocol)
  const { location, source, reader } = base
  const common = {
    location,
    reader,
    version,
    timestamp,
    protocol,
    metadata,
    ...(metadata.schemaString === base.metadata.schemaString && { schema: base.schema }),
  }
  if (source.tail.length >= MAX_TAIL) {
    return new LogSnapshot({
      ...common,
      base: loggedBase(reader, location, version),
      overlay: EMPTY_STATE,
      source: { tail: [] },
    })
  }
  const commit = { version, actions }
  return new LogSnapshot({
    ...common,
    base: base.base,
    overlay: advanceState(base.overlay, [commit]),
    source: { known: source.known, tail: [...source.tail, commit] },
  })
}
