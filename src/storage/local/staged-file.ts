import { utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import { objectAlreadyExists } from '../object-error.js'
import type { ObjectMeta, StagedObject } from '../object-store.js'
import type { DiskSync } from './disk-sync.js'
import { localPutError } from './local-error.js'
import { linkOnce, removeQuietly, type WrittenSize } from './write-file.js'

/** A temporary file that survives a crash and gets its name by a link: to try name after name costs no more waiting for the disk. */
export class StagedFile implements StagedObject {
  readonly #url: string
  readonly #localPath: (key: string) => string
  readonly #file: WrittenSize & { readonly temporary: string }
  readonly #sync: DiskSync
  #hasLost = false

  constructor(
    store: { readonly url: string; localPath(key: string): string },
    file: WrittenSize & { readonly temporary: string },
    sync: DiskSync,
  ) {
    this.#sync = sync
    this.#url = store.url
    this.#localPath = (key) => store.localPath(key)
    this.#file = file
  }

  async publish(key: string): Promise<ObjectMeta> {
    const { temporary, size } = this.#file
    const path = this.#localPath(key)
    let { lastModified } = this.#file
    try {
      // An object is as old as its name, not as its bytes: versions are told apart by time.
      if (this.#hasLost) {
        lastModified = Date.now()
        utimesSync(temporary, lastModified / 1000, lastModified / 1000)
      }
      this.#hasLost = !linkOnce(temporary, path)
      if (!this.#hasLost) {
        await this.#sync.folder(dirname(path))
        removeQuietly(temporary)
      }
    } catch (error) {
      removeQuietly(temporary)
      throw localPutError(this.#url, key, error)
    }
    if (this.#hasLost) throw objectAlreadyExists(this.#url, key)
    return { key, size, lastModified }
  }

  discard(): void {
    removeQuietly(this.#file.temporary)
  }
}
