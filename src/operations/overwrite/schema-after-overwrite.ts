import type { Schema } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import type { Metadata } from '../../protocol/actions/action.js'
import { checkWritable } from '../../protocol/features/check-protocol.js'
import type { StructType } from '../../schema/data-type.js'
import { schemaToJson } from '../../schema/schema-json.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkFeatures } from '../operation/check-features.js'
import { isFileSource } from '../operation/file-source.js'
import { inferFileSchema } from '../operation/infer-file-schema.js'
import type { OperationOptions } from '../operation/operation-options.js'
import type { RowsInput } from '../operation/rows-input.js'
import { checkRowRules } from '../operation/rules/check-row-rules.js'
import { readSchema, type SchemaInput } from '../operation/schema-input.js'
import { tableSchema } from '../operation/table-schema.js'

interface SchemaOptions extends OperationOptions {
  readonly overwriteSchema?: boolean | undefined
  readonly schema?: SchemaInput | undefined
  readonly partitionBy?: readonly string[] | undefined
}

/** The metadata that a table has after an overwrite. */
export interface SchemaAfterOverwrite {
  readonly metadata: Metadata
  readonly schema: StructType
  /** Whether it differs from what the table has. */
  readonly changed: boolean
}

/**
 * The schema that the rows are written with: the table's own, or with `overwriteSchema` the one that is given or that the input has.
 *
 * @throws InvalidArgument where rows have no schema and none is given; InvalidSchema, UnknownColumn
 */
export async function schemaAfterOverwrite(
  snapshot: Snapshot,
  rows: RowsInput,
  options: SchemaOptions,
): Promise<SchemaAfterOverwrite> {
  const { metadata, schema: current } = snapshot
  if (!options.overwriteSchema) return { metadata, schema: current, changed: false }
  const wanted = options.schema === undefined ? await schemaOf(rows, options) : readSchema(options.schema)
  const { uuid } = snapshot.location.runtime
  const partitionBy = options.partitionBy ?? keptPartitions(metadata.partitionColumns, wanted)
  const { schema, ...described } = tableSchema(wanted, partitionBy, metadata.configuration, uuid)
  const changed =
    described.schemaString !== schemaToJson(current) ||
    JSON.stringify(described.partitionColumns) !== JSON.stringify(metadata.partitionColumns)
  const after = { ...metadata, ...described }
  checkWritable(snapshot.protocol, after)
  checkFeatures(snapshot.protocol, metadata, after)
  await checkRowRules(schema, after, snapshot.protocol)
  return { metadata: after, schema, changed }
}

/** @throws InvalidSchema where the new schema lacks a column that the table is partitioned by */
function keptPartitions(columns: readonly string[], { fields }: StructType): readonly string[] {
  const has = (column: string): boolean => fields.some(({ name }) => name.toLowerCase() === column.toLowerCase())
  const missing = columns.filter((column) => !has(column))
  if (missing.length === 0) return columns
  throw new DeltaError(
    'InvalidSchema',
    `The table is partitioned by ${columns.join(', ')}, and the new schema has no ${missing.join(', ')}. Say what to partition by (partitionBy), or that there are to be no partitions.`,
    { details: { columns: missing } },
  )
}

async function schemaOf(rows: RowsInput, options: SchemaOptions): Promise<StructType> {
  if (isFileSource(rows)) return (await inferFileSchema(rows, options)).schema
  if ('schema' in rows && 'fields' in rows.schema) {
    const { deltaSchema } = await import('../../arrow/delta-schema.js')
    return deltaSchema(rows.schema as Schema)
  }
  throw new DeltaError(
    'InvalidArgument',
    'Plain rows do not say what types they have: give the new schema beside overwriteSchema.',
  )
}
