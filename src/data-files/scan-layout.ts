import type { Schema } from 'apache-arrow'
import { arrowSchema } from '../arrow/arrow-schema.js'
import { DeltaError } from '../errors/delta-error.js'
import { bindPredicate } from '../expressions/bind.js'
import type { BoundPredicate } from '../expressions/bound-predicate.js'
import { isMetadataColumn } from '../scan/metadata-column.js'
import type { ScanPlan } from '../scan/scan-plan.js'
import { type ColumnMappingMode, columnMappingMode } from '../schema/column-mapping.js'
import type { StructField, StructType } from '../schema/data-type.js'
import type { TableLocation } from '../storage/table-location.js'
import { type RowTrackingNames, rowTrackingNames } from './row-tracking-column.js'

/** What is the same for every file of a scan: worked out once. */
export interface ScanLayout {
  readonly location: TableLocation
  readonly mode: ColumnMappingMode
  /** The columns to open: those to deliver come first. */
  readonly readSchema: StructType
  /** Those of them that stand in data files. */
  readonly storedFields: readonly StructField[]
  /** Those whose values stand in the log, which wins over a column of that name in a file. */
  readonly partitionFields: readonly StructField[]
  /** Present where `_metadata` is among the columns. */
  readonly rowTracking: RowTrackingNames | undefined
  /** Of the columns to deliver. */
  readonly arrow: Schema
  /** Bound to `readSchema`. */
  readonly predicate: BoundPredicate | undefined
}

export function scanLayout(plan: Pick<ScanPlan, 'snapshot' | 'schema' | 'readSchema' | 'predicate'>): ScanLayout {
  const { location, metadata } = plan.snapshot
  const { readSchema, schema } = plan
  const partitioned = new Set(metadata.partitionColumns)
  const predicate = plan.predicate === undefined ? undefined : bindPredicate(plan.predicate, readSchema)
  if (predicate?.opaque) {
    throw new DeltaError('Internal', 'A scan with a condition in SQL was not sent to the SQL engine. Please report it.')
  }
  return {
    location,
    mode: columnMappingMode(metadata.configuration),
    readSchema,
    storedFields: readSchema.fields.filter((field) => !partitioned.has(field.name) && !isMetadataColumn(field)),
    partitionFields: readSchema.fields.filter(({ name }) => partitioned.has(name)),
    rowTracking: readSchema.fields.some(isMetadataColumn) ? rowTrackingNames(metadata) : undefined,
    arrow: arrowSchema(schema),
    predicate,
  }
}
