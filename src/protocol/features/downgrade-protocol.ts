import type { Protocol } from '../actions/action.js'
import {
  FEATURES_READER_VERSION,
  FEATURES_WRITER_VERSION,
  readerFeatures,
  writerFeatures,
} from './protocol-features.js'

/** What writer version 2 implies. */
const OLDEST: readonly string[] = ['appendOnly', 'invariants']

/** A protocol without one of its features; all others are listed by name then, unless the oldest protocol that Delta still writes has them. */
export function downgradeProtocol(protocol: Protocol, name: string): Protocol {
  const writers = writerFeatures(protocol).filter((each) => each !== name)
  const readers = readerFeatures(protocol).filter((each) => each !== name)
  const isOldest = writers.length === OLDEST.length && OLDEST.every((each) => writers.includes(each))
  if (isOldest && readers.length === 0) return { type: 'protocol', minReaderVersion: 1, minWriterVersion: 2 }
  const named = { minWriterVersion: FEATURES_WRITER_VERSION, writerFeatures: [...writers].sort() }
  if (readers.length === 0) return { type: 'protocol', minReaderVersion: 1, ...named }
  return { type: 'protocol', minReaderVersion: FEATURES_READER_VERSION, readerFeatures: [...readers].sort(), ...named }
}
