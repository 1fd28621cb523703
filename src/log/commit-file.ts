import { isDeltaError } from '../errors/delta-error.js'
import type { Action } from '../protocol/actions/action.js'
import { serializeCommit } from '../protocol/actions/serialize-commit.js'
import { commitKey } from '../protocol/log-path.js'
import type { StagedObject } from '../storage/object-store.js'
import type { TableLocation } from '../storage/table-location.js'

/**
 * The file of a commit that may be tried under one version after another. Where the store can, it is stored once and only named anew with each try, as long as
 * its bytes stay the same.
 */
export class CommitFile {
  readonly #location: TableLocation
  #bytes: Uint8Array | undefined
  #staged: StagedObject | undefined

  constructor(location: TableLocation) {
    this.#location = location
  }

  /** Puts it as the commit of a version, if there is none. Errors as those of a put with `create`. */
  async create(version: number, actions: readonly Action[], signal?: AbortSignal): Promise<void> {
    const { store } = this.#location
    const key = commitKey(version)
    const body = serializeCommit(actions)
    const abort = signal && { signal }
    if (store.stage === undefined) {
      await store.put(key, body, { mode: 'create', ...abort })
      return
    }
    if (this.#staged === undefined || !sameBytes(this.#bytes, body)) {
      this.discard()
      this.#staged = await store.stage(key, body, abort)
      this.#bytes = body
    }
    const staged = this.#staged
    this.#staged = undefined
    try {
      await staged.publish(key)
    } catch (error) {
      // What lost its race is still there, for the next version.
      if (isDeltaError(error, 'ObjectAlreadyExists')) this.#staged = staged
      throw error
    }
  }

  /** Removes what was stored and lost. Never throws. */
  discard(): void {
    this.#staged?.discard()
    this.#staged = undefined
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a?.byteLength !== b.byteLength) return false
  for (let i = 0; i < b.byteLength; i++) if (a[i] !== b[i]) return false
  return true
}
