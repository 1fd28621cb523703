import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDeletionVector } from '../../data-files/read-deletion-vector.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { throwIfAborted } from '../../runtime/aborted.js'
import type { TableLocation } from '../../storage/table-location.js'
import type { StagedFile, StagedTable } from './staged-table.js'

/** What of a table is to be brought to local disk. */
export interface StagingRequest {
  readonly location: TableLocation
  readonly files: Iterable<AddFile>
}

/** Brings data files to where DuckDB can open them: files of a local disk stay where they are. */
export class Stager {
  async stage({ location, files }: StagingRequest, signal?: AbortSignal): Promise<StagedTable> {
    const staged: StagedFile[] = []
    const roots = new Set<string>()
    for (const add of files) {
      throwIfAborted(signal, 'The query')
      const { store, key } = location.resolve(add.path)
      const localPath = store.localPath?.(key)
      if (localPath === undefined) throw new Error('remote')
      roots.add(store === location.store ? fileURLToPath(store.url) : dirname(localPath))
      staged.push({
        localPath,
        partitionValues: add.partitionValues,
        ...(add.deletionVector === undefined
          ? {}
          : { deletedRows: await readDeletionVector(location, add.deletionVector) }),
      })
    }
    const directories = await Promise.all([...roots].map((root) => realpath(root)))
    return { files: staged, directories: new Set(directories), release: () => undefined }
  }
}
