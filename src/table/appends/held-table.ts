import type { Snapshot } from '../../snapshot/snapshot.js'

/** The handle that appends go through. */
export interface HeldTable {
  /** The newest version that it knows. */
  snapshot(): Snapshot
  /** Tells it of a version; an older one than it has changes nothing. */
  keep(snapshot: Snapshot): void
}
