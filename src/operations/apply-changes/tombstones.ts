import { conformBatch } from '../../arrow/conform-batch.js'
import { deltaSchema } from '../../arrow/delta-schema.js'
import type { QueryEngine } from '../../engine/query-engine.js'
import type { SourceRows } from '../../engine/row-change.js'
import { DeltaError, isDeltaError } from '../../errors/delta-error.js'
import { bytesSource } from '../../parquet/bytes-source.js'
import { openParquet } from '../../parquet/open-parquet.js'
import type { DomainMetadata } from '../../protocol/actions/action.js'
import { hasFeature } from '../../protocol/features/protocol-features.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import { putLocalFile } from '../../storage/local/put-local-file.js'

/** The metadata domain that names the file in which deletes are remembered. */
const DOMAIN = 'lakewright.applyChanges'
/** Names that begin with an underscore are hidden: no reader, and no vacuum, takes the files for data. */
const FOLDER = '_apply_changes/'

/** What the domain says. */
interface Remembered {
  /** The key of the file. */
  readonly tombstones: string
  /** The columns that tell rows apart: another choice would be another table. */
  readonly keys: readonly string[]
}

/** @throws UnsupportedFeature where the table has no place to remember deletes in */
export function checkRemembers({ protocol, location }: Snapshot): void {
  if (hasFeature(protocol, 'domainMetadata')) return
  throw new DeltaError(
    'UnsupportedFeature',
    `${location.url} cannot remember what was deleted, so that events that come late would bring it back: its protocol lacks the feature 'domainMetadata'. Set the table property delta.feature.domainMetadata to supported.`,
    { details: { table: location.url, features: ['domainMetadata'] } },
  )
}

/** The deletes that are remembered; undefined where there are none. @throws InvalidArgument where rows were told apart by other columns before */
export async function readTombstones(
  snapshot: Snapshot,
  engine: QueryEngine,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<SourceRows | undefined> {
  const remembered = await rememberedOf(snapshot, signal)
  if (remembered === undefined) return undefined
  if (JSON.stringify(remembered.keys) !== JSON.stringify(keys)) {
    throw new DeltaError(
      'InvalidArgument',
      `Changes were applied to ${snapshot.location.url} by ${remembered.keys.join(', ')} before, not by ${keys.join(', ')}.`,
      { details: { table: snapshot.location.url, keys: [...remembered.keys] } },
    )
  }
  const abort = signal === undefined ? {} : { signal }
  const bytes = await snapshot.location.store.get(remembered.tombstones, abort).catch((error: unknown) => {
    // A version that was restored may be so old that what it remembered is forgotten.
    if (isDeltaError(error, 'ObjectNotFound')) return undefined
    throw error
  })
  if (bytes === undefined) return undefined
  const file = await openParquet(bytesSource(remembered.tombstones, bytes), signal)
  const schema = deltaSchema(file.schema)
  const batches = async function* () {
    for await (const batch of file.read(abort)) yield conformBatch(batch, schema)
  }
  return engine.spoolBatches(() => schema, batches(), abort)
}

/** Puts deletes into a new file of the table. @returns the action that makes them the ones that count, and the file */
export async function writeTombstones(
  { location }: Snapshot,
  rows: SourceRows,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly action: DomainMetadata; readonly key: string }> {
  const key = `${FOLDER}${location.runtime.uuid()}.parquet`
  await putLocalFile(location.store, key, rows.paths[0] as string, signal ? { signal } : {})
  const configuration: Remembered = { tombstones: key, keys }
  return {
    key,
    action: { type: 'domainMetadata', domain: DOMAIN, configuration: JSON.stringify(configuration), removed: false },
  }
}

/** Deletes files that no version needs that may still be restored. It may fail: they are in nobody's way. */
export async function forgetTombstones(snapshot: Snapshot, retention: number, signal?: AbortSignal): Promise<void> {
  const { store, runtime } = snapshot.location
  const abort = signal === undefined ? {} : { signal }
  const kept = (await rememberedOf(snapshot, signal))?.tombstones
  const old: string[] = []
  for await (const { key, lastModified } of store.list(FOLDER, abort)) {
    if (key !== kept && lastModified < runtime.clock.now() - retention) old.push(key)
  }
  if (old.length > 0) await store.delete(old, abort)
}

async function rememberedOf(snapshot: Snapshot, signal?: AbortSignal): Promise<Remembered | undefined> {
  const domain = (await snapshot.domainMetadata(signal)).get(DOMAIN)
  return domain === undefined ? undefined : (JSON.parse(domain.configuration) as Remembered)
}
