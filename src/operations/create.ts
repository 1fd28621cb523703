import { isDeltaError } from '../errors/delta-error.js'
import type { Metadata } from '../protocol/actions/action.js'
import { checkWritable } from '../protocol/features/check-protocol.js'
import { newTableProtocol } from '../protocol/features/new-table-protocol.js'
import { checkProperties } from '../protocol/properties/check-properties.js'
import { constraintProperties } from '../protocol/rules/constraint-properties.js'
import { openSnapshot } from '../snapshot/open-snapshot.js'
import type { Snapshot } from '../snapshot/snapshot.js'
import { probeConditionalPut } from '../storage/probe-conditional-put.js'
import type { TableLocation } from '../storage/table-location.js'
import { commitOptions } from './operation/commit-limits.js'
import type { OperationOptions } from './operation/operation-options.js'
import { checkRowRules } from './operation/rules/check-row-rules.js'
import { readSchema, type SchemaInput } from './operation/schema-input.js'
import { tableSchema } from './operation/table-schema.js'

export interface CreateTableOptions extends OperationOptions {
  readonly schema: SchemaInput
  /** Columns whose values become folders. */
  readonly partitionBy?: readonly string[] | undefined
  /** Table properties: `delta.*`, and any of the user's own. */
  readonly properties?: { readonly [key: string]: string } | undefined
  /** Conditions that every row must fulfil, by name: expressions of Spark SQL. NULL does not fulfil one. */
  readonly constraints?: { readonly [name: string]: string } | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** Opens the table that is there in place of TableAlreadyExists; its schema is left as it is. */
  readonly ifNotExists?: boolean | undefined
}

/**
 * Commits version 0 of a new table. Its protocol is the least that schema and properties ask for; readers of 1 and writers of 2 where nothing does.
 *
 * @throws TableAlreadyExists; InvalidSchema, UnknownColumn, InvalidArgument; UnsupportedFeature for what this version could not write to;
 * UnsupportedStore where the storage lets two writers create one object
 */
export async function create(location: TableLocation, options: CreateTableOptions): Promise<Snapshot> {
  const { signal } = options
  const { clock, uuid } = location.runtime
  const properties = {
    ...checkProperties(options.properties ?? {}),
    ...constraintProperties(options.constraints ?? {}),
  }
  const {
    schema,
    schemaString,
    partitionColumns,
    configuration: stored,
  } = tableSchema(readSchema(options.schema), options.partitionBy ?? [], properties, uuid)
  const described: Metadata = {
    type: 'metaData',
    id: uuid(),
    ...(options.name !== undefined && { name: options.name }),
    ...(options.description !== undefined && { description: options.description }),
    format: { provider: 'parquet', options: {} },
    schemaString,
    partitionColumns,
    configuration: stored,
    createdTime: clock.now(),
  }
  const { protocol, configuration } = newTableProtocol(described)
  const metadata = { ...described, configuration }
  checkWritable(protocol, metadata)
  await checkRowRules(schema, metadata, protocol)
  if (options.ifNotExists) {
    const existing = await existingTable(location, signal)
    if (existing !== undefined) return existing
  }
  if (isShared(location)) await probeConditionalPut(location.store, location.runtime, signal)
  const { createTable } = await import('../transaction/create-table.js')
  try {
    const { snapshot } = await createTable(
      location,
      {
        operation: 'CREATE TABLE',
        operationParameters: {
          isManaged: 'false',
          description: options.description ?? null,
          partitionBy: JSON.stringify(partitionColumns),
          properties: JSON.stringify(configuration),
        },
        operationMetrics: {},
        actions: [protocol, metadata],
        read: {},
      },
      commitOptions(options),
    )
    return snapshot
  } catch (error) {
    // Somebody made it in the meantime.
    if (!options.ifNotExists || !isDeltaError(error, 'TableAlreadyExists')) throw error
    return openSnapshot(location, {}, { signal })
  }
}

async function existingTable(location: TableLocation, signal: AbortSignal | undefined): Promise<Snapshot | undefined> {
  try {
    return await openSnapshot(location, {}, { signal })
  } catch (error) {
    if (isDeltaError(error, 'TableNotFound')) return undefined
    throw error
  }
}

/** Local disks and memory keep the promise by construction. */
function isShared(location: TableLocation): boolean {
  return location.url.startsWith('s3:')
}
