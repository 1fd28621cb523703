import type { Metadata, Protocol } from '../actions/action.js'
import { refusal } from './check-protocol.js'
import { tableFeature } from './feature-registry.js'
import { readerFeatures, writerFeatures } from './protocol-features.js'
import { ENGINES, type Engine } from './table-feature.js'

/** What lakewright does with one feature of a table. */
interface TableFeatureReport {
  readonly name: string
  readonly kind: 'readerWriter' | 'writer' | 'unknown'
  readonly read: 'supported' | 'refused'
  readonly write: 'supported' | 'refused'
  /** Why it is refused. */
  readonly reason?: string
}

/** Whether another engine reads a table. */
interface EngineReport {
  readonly engine: Engine
  readonly reads: boolean
  /** The features that it lacks. */
  readonly missing: readonly string[]
}

/** What a table asks for, and who can read it. */
export interface CompatibilityReport {
  readonly features: readonly TableFeatureReport[]
  readonly engines: readonly EngineReport[]
}

/** The features of a table with what lakewright does with each, and which other engines can read it. */
export function readerCompatibility(protocol: Protocol, metadata: Metadata): CompatibilityReport {
  const forReaders = readerFeatures(protocol)
  return {
    features: writerFeatures(protocol).map((name) => featureReport(name, forReaders.includes(name), metadata)),
    engines: ENGINES.map((engine) => {
      const missing = forReaders.filter((name) => !tableFeature(name)?.readableBy.includes(engine))
      return { engine, reads: missing.length === 0, missing }
    }),
  }
}

function featureReport(name: string, isForReaders: boolean, metadata: Metadata): TableFeatureReport {
  const unreadable = isForReaders ? refusal(name, 'read') : undefined
  const unwritable = unreadable ?? refusal(name, 'write', metadata)
  return {
    name,
    kind: tableFeature(name)?.kind ?? 'unknown',
    read: unreadable === undefined ? 'supported' : 'refused',
    write: unwritable === undefined ? 'supported' : 'refused',
    ...(unwritable === undefined ? {} : { reason: unwritable.reason }),
  }
}
