import type { CompatibilityReport } from '../../src/index.js'
import { tableText } from './table-text.js'

/** The features of a table with what becomes of them here, and the engines that read it. */
export function compatibilityText({ features, engines }: CompatibilityReport): string {
  const featureLines = features.map(({ name, kind, read, write, reason }) => [name, kind, read, write, reason ?? ''])
  const engineLines = engines.map(({ engine, reads, missing }) => [engine, reads ? 'yes' : 'no', missing.join(', ')])
  const featureTable =
    featureLines.length === 0 ? '' : `${tableText(['feature', 'kind', 'read', 'write', 'reason'], featureLines)}\n`
  return featureTable + tableText(['engine', 'reads it', 'lacks'], engineLines)
}
