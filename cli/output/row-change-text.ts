import type { RowChangeResult } from '../../src/index.js'
import { writeResultText } from './print-result.js'
import { propertiesText } from './table-text.js'

/** What a change of rows did, or would do. */
export function rowChangeText(result: RowChangeResult): string {
  const { plan, operation } = result
  if (plan === undefined) return writeResultText(result)
  const { scan, rewriteShare, ...rest } = plan
  return `${operation}: nothing was done\n${propertiesText([
    ['files', scan.total],
    ['pruned by partition', scan.prunedByPartition],
    ['pruned by statistics', scan.prunedByStatistics],
    ['looked into', scan.kept],
    ['files removed', rest.filesRemoved],
    ['files rewritten', rest.filesRewritten],
    ['files given a deletion vector', rest.filesGivenDeletionVector],
    ['rewritten from a share of', rewriteShare ?? '- (the table has no deletion vectors)'],
    ['rows deleted', rest.rowsDeleted],
    ['rows updated', rest.rowsUpdated],
    ['rows inserted', rest.rowsInserted],
    ['rows copied', rest.rowsCopied],
  ])}`
}
