import { DeltaError } from '../../errors/delta-error.js'
import type { JsonValue } from '../../schema/data-type.js'
import type { Action } from './action.js'
import {
  isObject,
  optionalField,
  optionalStringList,
  optionalStringMap,
  type RawAction,
  requireField,
  requireStringMap,
} from './action-field.js'
import { parseCommitInfo } from './parse-commit-info.js'
import { parseDeletionVectorDescriptor } from './parse-deletion-vector-descriptor.js'
import { parseMetadata } from './parse-metadata.js'

/**
 * The action of one line of a commit, already parsed as JSON; undefined for lines without an action that is known, which readers must ignore
 * (PROTOCOL.md, "Protocol Evolution"). Null fields become absent, unknown fields stay. The argument is changed in place.
 *
 * CorruptLog, without the place, where a required field is missing, a field has the wrong type, or the line has two actions.
 */
export function parseAction(json: JsonValue): Action | undefined {
  if (!isObject(json)) throw new DeltaError('CorruptLog', 'the line is not a JSON object')
  // Each line holds one action; writers of other ages put nulls, or fields that nobody knows, beside it.
  let found: Action | undefined
  for (const name in json) {
    if (!Object.hasOwn(PARSERS, name)) continue
    const body: unknown = json[name]
    if (body === null) continue
    if (found !== undefined) throw new DeltaError('CorruptLog', `the line has two actions, ${found.type} and ${name}`)
    if (!isObject(body)) throw new DeltaError('CorruptLog', `action '${name}' is not a JSON object`)
    const type = name as Action['type']
    try {
      PARSERS[type](body)
    } catch (cause) {
      throw new DeltaError('CorruptLog', `action '${name}': ${(cause as Error).message}`, { cause })
    }
    body.type = type
    found = body as unknown as Action
  }
  return found
}

const PARSERS: { readonly [Type in Action['type']]: (action: RawAction) => void } = {
  protocol: parseProtocol,
  metaData: parseMetadata,
  add: parseAdd,
  remove: parseRemove,
  cdc: parseCdc,
  txn: parseTransaction,
  commitInfo: parseCommitInfo,
  domainMetadata: parseDomainMetadata,
  checkpointMetadata: parseCheckpointMetadata,
  sidecar: parseSidecar,
}

function parseProtocol(action: RawAction): void {
  requireField(action, 'minReaderVersion', 'number')
  requireField(action, 'minWriterVersion', 'number')
  optionalStringList(action, 'readerFeatures')
  optionalStringList(action, 'writerFeatures')
}

function parseAdd(action: RawAction): void {
  requireField(action, 'path', 'string')
  requireField(action, 'size', 'number')
  // Nothing that is read depends on these three, so they are not missed, as in Spark.
  action.partitionValues ??= {}
  requireStringMap(action, 'partitionValues')
  action.modificationTime ??= 0
  requireField(action, 'modificationTime', 'number')
  action.dataChange ??= true
  requireField(action, 'dataChange', 'boolean')
  parseFileFields(action)
  optionalField(action, 'clusteringProvider', 'string')
}

function parseRemove(action: RawAction): void {
  requireField(action, 'path', 'string')
  requireField(action, 'dataChange', 'boolean')
  optionalField(action, 'deletionTimestamp', 'number')
  optionalField(action, 'extendedFileMetadata', 'boolean')
  optionalStringMap(action, 'partitionValues')
  optionalField(action, 'size', 'number')
  parseFileFields(action)
}

function parseFileFields(action: RawAction): void {
  optionalField(action, 'stats', 'string')
  optionalStringMap(action, 'tags')
  parseDeletionVectorDescriptor(action)
  optionalField(action, 'baseRowId', 'number')
  optionalField(action, 'defaultRowCommitVersion', 'number')
}

function parseCdc(action: RawAction): void {
  requireField(action, 'path', 'string')
  requireStringMap(action, 'partitionValues')
  requireField(action, 'size', 'number')
  requireField(action, 'dataChange', 'boolean')
  optionalStringMap(action, 'tags')
}

function parseTransaction(action: RawAction): void {
  requireField(action, 'appId', 'string')
  if (typeof action.version !== 'bigint') requireField(action, 'version', 'number')
  optionalField(action, 'lastUpdated', 'number')
}

function parseDomainMetadata(action: RawAction): void {
  requireField(action, 'domain', 'string')
  requireField(action, 'configuration', 'string')
  requireField(action, 'removed', 'boolean')
}

function parseCheckpointMetadata(action: RawAction): void {
  requireField(action, 'version', 'number')
  optionalStringMap(action, 'tags')
}

function parseSidecar(action: RawAction): void {
  requireField(action, 'path', 'string')
  requireField(action, 'sizeInBytes', 'number')
  requireField(action, 'modificationTime', 'number')
  optionalStringMap(action, 'tags')
}
