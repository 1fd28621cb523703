import { READER_WRITER_FEATURES } from './reader-writer-features.js'
import type { TableFeature } from './table-feature.js'
import { WRITER_FEATURES } from './writer-features.js'

/** Every feature that lakewright knows, those that it refuses included. */
export const TABLE_FEATURES: readonly TableFeature[] = [...WRITER_FEATURES, ...READER_WRITER_FEATURES]

const BY_NAME: ReadonlyMap<string, TableFeature> = new Map(TABLE_FEATURES.map((feature) => [feature.name, feature]))

/** Undefined for features that nobody had thought of when this was written. */
export function tableFeature(name: string): TableFeature | undefined {
  return BY_NAME.get(name)
}
