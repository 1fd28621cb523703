import { DeltaError } from '../../errors/delta-error.js'
import type { Snapshot } from '../../snapshot/snapshot.js'
import type { TransactionId } from '../../transaction/transaction.js'

/** Longs are what the log has for versions. */
const GREATEST = 2n ** 63n - 1n

/**
 * Whether a load was committed before: this version of its application id, or a later one. False without a `txn`.
 *
 * @throws InvalidArgument for a `txn` that the log could not hold: nobody would know the load again
 */
export async function committedBefore(
  snapshot: Snapshot,
  txn: TransactionId | undefined,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (txn === undefined) return false
  checkTransactionId(txn)
  const seen = await snapshot.transactionVersion(txn.appId, signal)
  return seen !== undefined && seen >= txn.version
}

/** For callers without types, and for numbers that are not whole. */
function checkTransactionId(txn: TransactionId): void {
  const { appId, version } = Object(txn) as { readonly appId: unknown; readonly version: unknown }
  const isText = typeof appId === 'string' && appId !== ''
  const isLong = typeof version === 'bigint' ? version >= 0n && version <= GREATEST : isWhole(version)
  if (isText && isLong) return
  const wrong = isText ? `its version is ${String(version)}` : `its appId is ${JSON.stringify(appId) ?? 'missing'}`
  throw new DeltaError(
    'InvalidArgument',
    `txn must be { appId, version }, a text that is not empty and a whole number from 0 on (a bigint beyond 2^53): ${wrong}.`,
  )
}

function isWhole(version: unknown): boolean {
  return Number.isSafeInteger(version) && (version as number) >= 0
}
