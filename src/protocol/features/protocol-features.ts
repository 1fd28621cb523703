import type { Protocol } from '../actions/action.js'
import { TABLE_FEATURES } from './feature-registry.js'

/** The version from which a protocol names the features that readers must know. */
export const FEATURES_READER_VERSION = 3
/** The version from which a protocol names the features that writers must know. */
export const FEATURES_WRITER_VERSION = 7

/**
 * The features that a reader must know: those that a legacy version implies and those that are named (PROTOCOL.md, "Table Features" and
 * "Reader Version Requirements").
 */
export function readerFeatures(protocol: Protocol): readonly string[] {
  const { minReaderVersion: version } = protocol
  const implied = version < FEATURES_READER_VERSION ? impliedBy((legacy) => legacy.readerVersion, version) : []
  return distinct(implied, protocol.readerFeatures)
}

/** The features that a writer must know (PROTOCOL.md, "Writer Version Requirements"); those for readers are among them. */
export function writerFeatures(protocol: Protocol): readonly string[] {
  let features = ofWriters.get(protocol)
  if (features === undefined) {
    features = newWriterFeatures(protocol)
    ofWriters.set(protocol, features)
  }
  return features
}

/** Each write of a table asks for them many times. */
const ofWriters = new WeakMap<Protocol, readonly string[]>()

function newWriterFeatures(protocol: Protocol): readonly string[] {
  const { minWriterVersion: version } = protocol
  const implied = version < FEATURES_WRITER_VERSION ? impliedBy((legacy) => legacy.writerVersion, version) : []
  return distinct(implied, protocol.writerFeatures, readerFeatures(protocol))
}

/** Whether writers of the table must respect a feature. It may be unused all the same. */
export function hasFeature(protocol: Protocol, name: string): boolean {
  return writerFeatures(protocol).includes(name)
}

function impliedBy(
  versionOf: (legacy: { readonly readerVersion?: number; readonly writerVersion: number }) => number | undefined,
  version: number,
): string[] {
  return TABLE_FEATURES.filter(({ legacy }) => {
    const since = legacy === undefined ? undefined : versionOf(legacy)
    return since !== undefined && since <= version
  }).map((feature) => feature.name)
}

function distinct(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))]
}
