import { DeltaError } from '../errors/delta-error.js'
import type { AddFile } from '../protocol/actions/action.js'
import { planScan } from '../scan/plan-scan.js'
import type { ScanCounts } from '../scan/scan-plan.js'
import { columnMappingMode, storedName } from '../schema/column-mapping.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { EngineHandle } from './operation/engine-handle.js'
import type { OperationOptions } from './operation/operation-options.js'
import { resolveWhere, type Where } from './operation/where.js'

export interface ListFilesOptions extends OperationOptions {
  /** Only files that can have a row for which it is true. */
  readonly where?: Where | undefined
}

/** One live data file of a version. */
export interface TableFile {
  /** As in the log: percent-encoded, relative to the table root or an absolute URL. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Serialised, by logical name. */
  readonly partitionValues: { readonly [column: string]: string | null }
  readonly modificationTime: Date
  /** Rows in the file, null where the log does not say. */
  readonly numRecords: number | null
  /** Rows that a deletion vector hides. */
  readonly numDeletedRows: number
  /** Statistics as the log has them: JSON text, by physical names. */
  readonly stats: string | null
}

/** The files of a version that a reader would open, one at a time, and how many it would not. */
export interface TableFiles extends AsyncIterable<TableFile> {
  readonly counts: ScanCounts
}

/**
 * Finds the files that can have a matching row, by partition values and statistics. Opens none of them.
 *
 * @throws UnknownColumn, InvalidPredicate
 */
export async function listFiles(snapshot: Snapshot, options: ListFilesOptions): Promise<TableFiles> {
  const { where, signal } = options
  await using engine = new EngineHandle(options)
  const predicate = await resolveWhere(where, snapshot.schema, engine)
  const plan = await planScan(snapshot, { ...(predicate && { where: predicate }), ...(signal && { signal }) })
  const names = partitionNames(snapshot)
  return {
    counts: plan.counts,
    async *[Symbol.asyncIterator]() {
      for (const file of plan.files()) yield tableFile(file, names)
    },
  }
}

function partitionNames(snapshot: Snapshot): readonly (readonly [logical: string, physical: string])[] {
  const { schema, metadata } = snapshot
  const mode = columnMappingMode(metadata.configuration)
  return metadata.partitionColumns.map((name) => {
    const field = schema.fields.find((each) => each.name === name)
    if (field === undefined) {
      throw new DeltaError('CorruptLog', `The partition column ${name} is not in the schema of the table.`)
    }
    return [name, storedName(field, mode)]
  })
}

function tableFile(file: AddFile, names: ReturnType<typeof partitionNames>): TableFile {
  return {
    path: file.path,
    size: file.size,
    partitionValues: Object.fromEntries(
      names.map(([logical, physical]) => [
        logical,
        file.partitionValues[physical] ?? file.partitionValues[logical] ?? null,
      ]),
    ),
    modificationTime: new Date(file.modificationTime),
    numRecords: file.stats === undefined ? null : (JSON.parse(file.stats).numRecords ?? null),
    numDeletedRows: file.deletionVector?.cardinality ?? 0,
    stats: file.stats ?? null,
  }
}
