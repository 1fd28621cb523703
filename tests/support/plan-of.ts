import { bindPredicate } from '../../src/expressions/bind.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import type { ScanPlan } from '../../src/scan/scan-plan.js'
import { selectColumns } from '../../src/scan/select-columns.js'
import type { StructType } from '../../src/schema/data-type.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'
import type { TableLocation } from '../../src/storage/table-location.js'

export interface PlanOptions {
  readonly partitionColumns?: readonly string[]
  readonly configuration?: { readonly [key: string]: string }
  readonly columns?: readonly string[]
  readonly where?: Predicate
}

/** A plan over some files as if a snapshot had made it that has them and nothing to prune by. */
export function planOf(
  location: TableLocation,
  schema: StructType,
  files: readonly AddFile[],
  { partitionColumns = [], configuration = {}, columns, where }: PlanOptions = {},
): ScanPlan {
  const metadata = {
    type: 'metaData',
    id: '',
    format: { provider: 'parquet' },
    schemaString: '',
    partitionColumns,
    configuration,
  }
  const protocol = { type: 'protocol', minReaderVersion: 2, minWriterVersion: 5 }
  const bound = where === undefined ? undefined : bindPredicate(where, schema)
  return {
    snapshot: { location, metadata, protocol, schema } as Partial<Snapshot> as Snapshot,
    ...selectColumns(schema, columns, bound),
    ...(where === undefined ? {} : { predicate: where }),
    counts: { total: files.length, kept: files.length, prunedByPartition: 0, prunedByStatistics: 0 },
    files: () => files,
  }
}
