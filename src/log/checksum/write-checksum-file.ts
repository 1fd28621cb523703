import type { Action } from '../../protocol/actions/action.js'
import { checksumKey } from '../../protocol/log-path.js'
import type { JsonValue } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { VersionChecksum } from './read-checksum.js'

/** Transactions beyond which they are left out: the file is meant to be small. */
const MOST_TRANSACTIONS = 1000

/** Writes a version checksum (PROTOCOL.md, "Version Checksum File Schema"). One PUT. */
export async function writeChecksumFile(
  location: TableLocation,
  checksum: VersionChecksum,
  { txnId, signal }: { readonly txnId?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { version, transactions = [], domains = [], inCommitTimestamp } = checksum
  const json = {
    ...(txnId !== undefined && { txnId }),
    tableSizeBytes: checksum.sizeInBytes,
    numFiles: checksum.numFiles,
    numMetadata: 1,
    numProtocol: 1,
    ...(inCommitTimestamp !== undefined && { inCommitTimestampOpt: inCommitTimestamp }),
    ...(transactions.length <= MOST_TRANSACTIONS && { setTransactions: transactions.map(fieldsOf) }),
    domainMetadata: domains.map(fieldsOf),
    metadata: fieldsOf(checksum.metadata),
    protocol: fieldsOf(checksum.protocol),
  }
  const body = new TextEncoder().encode(stringifyJson(json))
  await location.store.put(checksumKey(version), body, { mode: 'overwrite', ...(signal && { signal }) })
}

function fieldsOf(action: Action): JsonValue {
  const { type: _, ...fields } = action
  return fields as unknown as JsonValue
}
