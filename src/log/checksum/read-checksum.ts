import { isDeltaError } from '../../errors/delta-error.js'
import type { Action, DomainMetadata, Metadata, Protocol, SetTransaction } from '../../protocol/actions/action.js'
import { parseAction } from '../../protocol/actions/parse-action.js'
import type { JsonValue } from '../../schema/data-type.js'
import { parseJson } from '../../schema/lossless-json.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { LogFile } from '../log-segment.js'

/** What a writer found a version to be (PROTOCOL.md, "Version Checksum File"). */
export interface VersionChecksum {
  readonly version: number
  readonly numFiles: number
  readonly sizeInBytes: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  /** Undefined where the writer left them out, which does not mean that there are none. */
  readonly transactions: readonly SetTransaction[] | undefined
  readonly domains: readonly DomainMetadata[] | undefined
  readonly inCommitTimestamp: number | undefined
}

type Fields = { readonly [name: string]: JsonValue | undefined }

/**
 * Reads a version checksum. One GET. Undefined where the file is gone, does not parse, lacks what every checksum has, or contradicts itself: then the
 * log has to be read, as it would without the file.
 */
export async function readChecksum(
  location: TableLocation,
  { key, version }: LogFile,
  signal?: AbortSignal,
): Promise<VersionChecksum | undefined> {
  try {
    const bytes = await location.store.get(key, signal ? { signal } : {})
    const json = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(json) ? checksumOf(json, version) : undefined
  } catch (error) {
    const isUseless = !isDeltaError(error) || error.code === 'CorruptLog' || error.code === 'ObjectNotFound'
    if (isUseless) return undefined
    throw error
  }
}

function checksumOf(json: Fields, version: number): VersionChecksum | undefined {
  const { numFiles, tableSizeBytes, inCommitTimestampOpt } = json
  const protocol = action(json.protocol, 'protocol') as Protocol | undefined
  const metadata = action(json.metadata, 'metaData') as Metadata | undefined
  if (!isCount(numFiles) || !isCount(tableSizeBytes) || protocol === undefined || metadata === undefined)
    return undefined
  if (json.numProtocol !== 1 || json.numMetadata !== 1 || !agrees(json, numFiles, tableSizeBytes)) return undefined
  return {
    version,
    numFiles,
    sizeInBytes: tableSizeBytes,
    protocol,
    metadata,
    transactions: actions(json.setTransactions, 'txn') as readonly SetTransaction[] | undefined,
    domains: actions(json.domainMetadata, 'domainMetadata') as readonly DomainMetadata[] | undefined,
    inCommitTimestamp: isCount(inCommitTimestampOpt) ? inCommitTimestampOpt : undefined,
  }
}

/** Whether the parts that say the same agree: a writer that lost count, or a damaged file, is found out by them. */
function agrees({ allFiles, fileSizeHistogram }: Fields, numFiles: number, sizeInBytes: number): boolean {
  if (Array.isArray(allFiles) && allFiles.length !== numFiles) return false
  if (!isObject(fileSizeHistogram)) return true
  const { fileCounts, totalBytes } = fileSizeHistogram
  return sum(fileCounts) === numFiles && sum(totalBytes) === sizeInBytes
}

function sum(numbers: JsonValue | undefined): number {
  return Array.isArray(numbers) ? numbers.reduce((total: number, number) => total + Number(number), 0) : Number.NaN
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isObject(value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function action(value: JsonValue | undefined, type: Action['type']): Action | undefined {
  return isObject(value) ? parseAction({ [type]: value }) : undefined
}

function actions(value: JsonValue | undefined, type: Action['type']): readonly (Action | undefined)[] | undefined {
  return Array.isArray(value) ? value.map((each: JsonValue) => parseAction({ [type]: each })) : undefined
}
