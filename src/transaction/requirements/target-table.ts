import type { DomainMetadata, Metadata, Protocol } from '../../protocol/actions/action.js'

/** The table as it will stand with a commit. */
export interface TargetTable {
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Metadata domains before the commit. */
  readonly domains: () => Promise<ReadonlyMap<string, DomainMetadata>>
}
