import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata, Protocol } from '../actions/action.js'
import { tableFeature } from './feature-registry.js'
import { everyFieldHas, mappingMode } from './feature-use.js'
import {
  FEATURES_READER_VERSION,
  FEATURES_WRITER_VERSION,
  readerFeatures,
  writerFeatures,
} from './protocol-features.js'

/**
 * Passes if lakewright can read the table. UnsupportedFeature naming every feature that it lacks, and the version that asks for them; CorruptLog
 * if the protocol names no features where it has to.
 */
export function checkReadable(protocol: Protocol): void {
  const { minReaderVersion: version } = protocol
  if (version > FEATURES_READER_VERSION) failVersion('read', 'reader', version, FEATURES_READER_VERSION)
  if (version === FEATURES_READER_VERSION && protocol.readerFeatures === undefined) failUnnamed('reader', version)
  const missing = readerFeatures(protocol).flatMap((name) => refusal(name, 'read') ?? [])
  if (missing.length > 0) fail('read', `reader version ${version}`, missing)
}

/**
 * Passes if lakewright can write to the table; reading it is part of that. A feature that is listed and not used by the table does not stand in
 * the way where the protocol lets it be ignored. Errors as {@link checkReadable}.
 */
export function checkWritable(protocol: Protocol, metadata: Metadata): void {
  checkReadable(protocol)
  const { minWriterVersion: version } = protocol
  if (version > FEATURES_WRITER_VERSION) failVersion('written', 'writer', version, FEATURES_WRITER_VERSION)
  if (version === FEATURES_WRITER_VERSION && protocol.writerFeatures === undefined) failUnnamed('writer', version)
  const features = writerFeatures(protocol)
  if (mappingMode(metadata) !== 'none') checkMapping(features, metadata)
  const missing = features.flatMap((name) => refusal(name, 'write', metadata) ?? [])
  if (missing.length > 0) fail('written', `writer version ${version}`, missing)
}

/** Why lakewright refuses to read (or write) tables with a feature; undefined where it does not. */
export function refusal(name: string, access: 'read' | 'write', metadata?: Metadata): MissingFeature | undefined {
  const feature = tableFeature(name)
  if (feature === undefined) return { name, reason: 'it is not known to this version of lakewright' }
  const support = feature[access]
  if (support.status === 'supported') return undefined
  return metadata !== undefined && support.unless?.test(metadata) ? undefined : { name, reason: support.reason }
}

interface MissingFeature {
  readonly name: string
  readonly reason: string
}

function fail(verb: 'read' | 'written', version: string, missing: readonly MissingFeature[]): never {
  const names = missing.map(({ name, reason }) => `'${name}' (${reason})`).join(', ')
  throw new DeltaError(
    'UnsupportedFeature',
    `The table cannot be ${verb}: its protocol (${version}) asks for ${missing.length === 1 ? 'the feature' : 'the features'} ${names}. Use an engine that supports ${missing.length === 1 ? 'it' : 'them'}.`,
    { details: { features: missing.map(({ name }) => name) } },
  )
}

function failVersion(verb: 'read' | 'written', side: 'reader' | 'writer', version: number, known: number): never {
  throw new DeltaError(
    'UnsupportedFeature',
    `The table cannot be ${verb}: it needs ${side} version ${version}, and this version of lakewright knows ${known}. Use a newer version of lakewright.`,
    { details: { [`min${side === 'reader' ? 'Reader' : 'Writer'}Version`]: version } },
  )
}

/** What column mapping keeps in the metadata of each field. */
const FIELD_MAPPING: readonly string[] = ['delta.columnMapping.physicalName', 'delta.columnMapping.id']

function checkMapping(features: readonly string[], metadata: Metadata): void {
  // Readers go by display names there, while files would be written by physical ones.
  if (!features.includes('columnMapping')) {
    failMapping('which its protocol does not support. Upgrade the protocol, or unset the property.')
  }
  if (!everyFieldHas(metadata, FIELD_MAPPING)) {
    failMapping(
      'for which some of its columns have no physical name or no id. The schema was written by a faulty writer: overwrite it.',
    )
  }
}

function failMapping(why: string): never {
  throw new DeltaError(
    'UnsupportedFeature',
    `The table cannot be written: delta.columnMapping.mode asks for the feature 'columnMapping', ${why}`,
    {
      details: { features: ['columnMapping'] },
    },
  )
}

function failUnnamed(side: 'reader' | 'writer', version: number): never {
  throw new DeltaError(
    'CorruptLog',
    `The protocol of the table has ${side} version ${version} and no ${side}Features, so what it asks for is unknown. The log was written by a faulty writer.`,
  )
}
