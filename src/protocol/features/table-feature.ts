import type { Metadata } from '../actions/action.js'

/** The engines that docs/protocol-coverage.md and `compat` speak of. */
export const ENGINES = ['Spark', 'delta-rs', 'DuckDB', 'Polars', 'Trino', 'ClickHouse'] as const
export type Engine = (typeof ENGINES)[number]

/** What lakewright does with a feature: all that it asks for, or a refusal before anything is read or written. */
export type FeatureSupport =
  | { readonly status: 'supported' }
  /** `unless` says which tables are not refused all the same: those that list the feature and do not use it. */
  | {
      readonly status: 'refused'
      readonly reason: string
      readonly unless?: { readonly text: string; readonly test: (metadata: Metadata) => boolean }
    }

/** One feature of the Delta protocol (PROTOCOL.md, "Table Features"). */
export interface TableFeature {
  /** As `readerFeatures` and `writerFeatures` spell it. */
  readonly name: string
  /** `readerWriter`: readers must know it too. */
  readonly kind: 'readerWriter' | 'writer'
  /** The versions that imply the feature without naming it; absent for features that must be named. */
  readonly legacy?: { readonly readerVersion?: number; readonly writerVersion: number }
  /** Features that must be there too. */
  readonly requires: readonly string[]
  readonly read: FeatureSupport
  readonly write: FeatureSupport
  /** The engines that read tables with it. Features for writers alone are read by all. */
  readonly readableBy: readonly Engine[]
}
