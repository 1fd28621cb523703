import type { DataType, StructField, StructType } from '../../schema/data-type.js'

const TEXT: DataType = { type: 'string' }
const LONG: DataType = { type: 'long' }
const INT: DataType = { type: 'integer' }
const FLAG: DataType = { type: 'boolean' }
const TEXTS: DataType = { type: 'array', elementType: TEXT, containsNull: true }
const TEXT_MAP: DataType = { type: 'map', keyType: TEXT, valueType: TEXT, valueContainsNull: true }

function field(name: string, dataType: DataType): StructField {
  return { name, dataType, nullable: true, metadata: {} }
}

export function structOf(fields: { readonly [name: string]: DataType }): StructType {
  return { type: 'struct', fields: Object.entries(fields).map(([name, dataType]) => field(name, dataType)) }
}

const DELETION_VECTOR = structOf({
  storageType: TEXT,
  pathOrInlineDv: TEXT,
  offset: INT,
  sizeInBytes: INT,
  cardinality: LONG,
})

/** The columns of actions that are not file actions (PROTOCOL.md, "Checkpoint Schema"). */
export const STATE_FIELDS: readonly StructField[] = [
  field(
    'protocol',
    structOf({ minReaderVersion: INT, minWriterVersion: INT, readerFeatures: TEXTS, writerFeatures: TEXTS }),
  ),
  field(
    'metaData',
    structOf({
      id: TEXT,
      name: TEXT,
      description: TEXT,
      format: structOf({ provider: TEXT, options: TEXT_MAP }),
      schemaString: TEXT,
      partitionColumns: TEXTS,
      configuration: TEXT_MAP,
      createdTime: LONG,
    }),
  ),
  field('txn', structOf({ appId: TEXT, version: LONG, lastUpdated: LONG })),
  field('domainMetadata', structOf({ domain: TEXT, configuration: TEXT, removed: FLAG })),
]

/** The further columns of the top level of a V2 checkpoint (PROTOCOL.md, "V2 Spec"). */
export const V2_FIELDS: readonly StructField[] = [
  field('checkpointMetadata', structOf({ version: LONG, tags: TEXT_MAP })),
  field('sidecar', structOf({ path: TEXT, sizeInBytes: LONG, modificationTime: LONG, tags: TEXT_MAP })),
]

const ADD_FIELDS = structOf({
  path: TEXT,
  partitionValues: TEXT_MAP,
  size: LONG,
  modificationTime: LONG,
  dataChange: FLAG,
  tags: TEXT_MAP,
  deletionVector: DELETION_VECTOR,
  baseRowId: LONG,
  defaultRowCommitVersion: LONG,
  clusteringProvider: TEXT,
}).fields

const REMOVE_FIELD = field(
  'remove',
  structOf({
    path: TEXT,
    deletionTimestamp: LONG,
    dataChange: FLAG,
    extendedFileMetadata: FLAG,
    partitionValues: TEXT_MAP,
    size: LONG,
    deletionVector: DELETION_VECTOR,
    baseRowId: LONG,
    defaultRowCommitVersion: LONG,
  }),
)

export interface FileFieldOptions {
  /** `delta.checkpoint.writeStatsAsJson`. */
  readonly statsAsJson: boolean
  /** The types of `stats_parsed` and `partitionValues_parsed`, where `delta.checkpoint.writeStatsAsStruct` is set. */
  readonly parsed: { readonly stats: StructType; readonly partitionValues: StructType } | undefined
}

/** The columns `add` and `remove`; the same ones for the same options where nothing is parsed. */
export function fileFields({ statsAsJson, parsed }: FileFieldOptions): readonly StructField[] {
  if (parsed !== undefined) return newFileFields(statsAsJson, parsed)
  return statsAsJson ? WITH_STATS : WITHOUT_STATS
}

function newFileFields(statsAsJson: boolean, parsed: FileFieldOptions['parsed']): readonly StructField[] {
  const fields = [...ADD_FIELDS]
  if (statsAsJson) fields.push(field('stats', TEXT))
  if (parsed !== undefined) {
    if (parsed.partitionValues.fields.length > 0) fields.push(field('partitionValues_parsed', parsed.partitionValues))
    fields.push(field('stats_parsed', parsed.stats))
  }
  return [field('add', { type: 'struct', fields }), REMOVE_FIELD]
}

const WITH_STATS = newFileFields(true, undefined)
const WITHOUT_STATS = newFileFields(false, undefined)

/** The columns of a classic checkpoint; the same ones for the same columns of files. */
export function classicFields(ofFiles: readonly StructField[]): readonly StructField[] {
  let fields = classic.get(ofFiles)
  if (fields === undefined) {
    fields = [...STATE_FIELDS, ...ofFiles]
    classic.set(ofFiles, fields)
  }
  return fields
}

const classic = new WeakMap<readonly StructField[], readonly StructField[]>()
