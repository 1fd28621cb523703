import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata } from '../actions/action.js'
import { PROTOCOL_PROPERTIES } from '../properties/known-properties.js'
import { tableFeature } from './feature-registry.js'
import { FEATURES_READER_VERSION, FEATURES_WRITER_VERSION } from './protocol-features.js'

const FEATURE_PREFIX = 'delta.feature.'

/** What properties ask of a protocol. */
export interface AskedProtocol {
  /** Those of `delta.feature.<name> = supported`. */
  readonly features: readonly string[]
  /** `delta.minReaderVersion`; 0 where it is not set. */
  readonly reader: number
  /** `delta.minWriterVersion`; 0 where it is not set. */
  readonly writer: number
  /** The other properties: those that are stored. */
  readonly stored: Metadata['configuration']
}

/**
 * Tells the properties that only ask for a protocol from those that are stored.
 *
 * @throws InvalidArgument for a feature that is unknown, or a version that is none
 */
export function askedProtocol(configuration: Metadata['configuration']): AskedProtocol {
  const stored = Object.entries(configuration).filter(
    ([key]) => !key.startsWith(FEATURE_PREFIX) && !PROTOCOL_PROPERTIES.includes(key),
  )
  return {
    features: askedFeatures(configuration),
    reader: askedVersion(configuration, 'delta.minReaderVersion', FEATURES_READER_VERSION),
    writer: askedVersion(configuration, 'delta.minWriterVersion', FEATURES_WRITER_VERSION),
    stored: Object.fromEntries(stored),
  }
}

function askedFeatures(configuration: Metadata['configuration']): readonly string[] {
  return Object.entries(configuration)
    .filter(([key]) => key.startsWith(FEATURE_PREFIX))
    .map(([key, value]) => {
      const name = key.slice(FEATURE_PREFIX.length)
      if (tableFeature(name) !== undefined && value.toLowerCase() === 'supported') return name
      throw new DeltaError(
        'InvalidArgument',
        `'${key}' = '${value}' asks for no feature that lakewright knows. Write '${FEATURE_PREFIX}<name>' = 'supported'.`,
      )
    })
}

function askedVersion(configuration: Metadata['configuration'], key: string, greatest: number): number {
  const text = configuration[key]
  if (text === undefined) return 0
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= greatest) return Number(text)
  throw new DeltaError(
    'InvalidArgument',
    `The table property ${key} must be a number from 1 to ${greatest}, not '${text}'.`,
  )
}
