import { DEFAULT_FILE_SIZE } from '../../data-files/write-target.js'
import { DeltaError } from '../../errors/delta-error.js'
import type { AddFile, Metadata } from '../../protocol/actions/action.js'
import { COLUMN_MAPPING_MAX_COLUMN_ID, COLUMN_MAPPING_MODE } from '../../protocol/properties/table-properties.js'
import { checkSchema } from '../../schema/check-schema.js'
import { columnMappingMode } from '../../schema/column-mapping.js'
import { unmapColumns } from '../../schema/map-columns.js'
import { schemaToJson } from '../../schema/schema-json.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { checkRowsMayMove } from '../../transaction/requirements/row-ids-kept.js'
import { EngineHandle } from '../operation/engine-handle.js'
import { liveFiles } from '../operation/live-files.js'
import { newFilesTarget } from '../operation/new-files-target.js'
import { partitionGroups } from '../operation/rewrite/partition-groups.js'
import { rewrittenFiles } from '../operation/rewrite/rewritten-files.js'
import { clusteringColumns } from './clustering-columns.js'
import type { AlteredTable, AlterOptions } from './table-change.js'

/** Whether the columns of a table have other names in files than they will have under other metadata. */
export function losesColumnMapping({ metadata }: Snapshot, wanted: Metadata): boolean {
  return (
    columnMappingMode(metadata.configuration) !== 'none' &&
    (wanted.configuration[COLUMN_MAPPING_MODE.key] ?? 'none').toLowerCase() === 'none'
  )
}

/**
 * A table without column mapping: every data file is written anew, with the columns under their own names, in the commit that turns the mapping off. Rows and their ids stay as they are, deletion vectors
 * go. Changes and versions before it are read by the names of then.
 *
 * @param wanted its metadata otherwise
 * @throws InvalidSchema for names that need column mapping; InvalidArgument for a table that is clustered
 */
export async function removeColumnMapping(
  snapshot: Snapshot,
  wanted: Metadata,
  options: AlterOptions,
): Promise<Omit<AlteredTable, 'operation' | 'operationParameters' | 'protocol'>> {
  const schema = unmapColumns(snapshot.schema)
  checkSchema(schema, 'none')
  checkRowsMayMove(snapshot)
  await checkNotClustered(snapshot, options)
  const { [COLUMN_MAPPING_MODE.key]: _mode, [COLUMN_MAPPING_MAX_COLUMN_ID.key]: _id, ...left } = wanted.configuration
  const metadata = { ...wanted, schemaString: schemaToJson(schema), configuration: left }
  const target = newFilesTarget({ protocol: snapshot.protocol, metadata, schema }, {})
  const files: AddFile[] = []
  for await (const file of liveFiles(snapshot, options.signal)) files.push(file)
  const groups = partitionGroups(files, target.targetFileSize ?? DEFAULT_FILE_SIZE)
  await using handle = new EngineHandle(options)
  const operation = 'Removing column mapping'
  const {
    added: written,
    actions,
    metrics,
  } = await rewrittenFiles(snapshot, groups, target, operation, handle, options)
  const read = { wholeTable: true }
  return { metadata, actions, written, metrics, read, isolation: 'Serializable', rowIdsKept: true }
}

/** The clustering is told by the names of columns in files. */
async function checkNotClustered(snapshot: Snapshot, { signal }: AlterOptions): Promise<void> {
  const columns = await clusteringColumns(snapshot, signal)
  if (columns.length === 0) return
  const { url } = snapshot.location
  throw new DeltaError(
    'InvalidArgument',
    `Column mapping cannot be turned off while ${url} is clustered: cluster it by no column first.`,
    { details: { table: url } },
  )
}
