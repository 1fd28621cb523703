import { DeltaError, isDeltaError } from '../errors/delta-error.js'
import type { Runtime } from '../runtime/runtime.js'
import type { ObjectStore } from './object-store.js'
import { withRetries } from './retry.js'

/**
 * Finds out whether a store keeps the promise that commits stand on, that of many creators of a key one wins: eight race for a hidden
 * key, which is deleted again. For stores behind a network, once, before the first table is created there.
 *
 * @throws UnsupportedStore if more than one won; StorageUnavailable if the store does not answer, however often it is asked
 */
export function probeConditionalPut(
  store: ObjectStore,
  runtime: Pick<Runtime, 'uuid' | 'clock' | 'random'>,
  signal?: AbortSignal,
): Promise<void> {
  // What a network lost says nothing of the store: another key, another race.
  return withRetries(runtime, signal, () => probeOnce(store, `.lakewright-probe-${runtime.uuid()}`, signal))
}

async function probeOnce(store: ObjectStore, key: string, signal: AbortSignal | undefined): Promise<void> {
  const abort = signal === undefined ? {} : { signal }
  const create = async (_: unknown, index: number): Promise<boolean> => {
    try {
      await store.put(key, new Uint8Array([index]), { mode: 'create', ...abort })
      return true
    } catch (error) {
      if (isDeltaError(error, 'ObjectAlreadyExists')) return false
      throw error
    }
  }
  try {
    const outcomes = await Promise.allSettled(Array.from({ length: CREATORS }, create))
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length
    if (winners > 1) {
      throw new DeltaError(
        'UnsupportedStore',
        `The store of ${store.url} let ${winners} of ${CREATORS} writers create the same object: it ignores "If-None-Match: *", so concurrent commits would overwrite each other. Use a store that honours conditional writes (AWS S3, MinIO, Ceph, R2, versitygw).`,
        { details: { table: store.url } },
      )
    }
    // One that lost is proof, whatever became of the others.
    const losers = outcomes.filter((outcome) => outcome.status === 'fulfilled' && !outcome.value).length
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined && losers === 0) throw failed.reason
  } finally {
    await store.delete([key]).catch(() => undefined)
  }
}

const CREATORS = 8
