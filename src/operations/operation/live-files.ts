import type { AddFile, RemoveFile } from '../../protocol/actions/action.js'
import type { Snapshot } from '../../snapshot/snapshot.js'

/** Every live file of a version, one object at a time. */
export async function* liveFiles(snapshot: Snapshot, signal?: AbortSignal): AsyncGenerator<AddFile, void, undefined> {
  const { chunks } = await snapshot.files(signal)
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i++) yield chunk.addFile(i)
  }
}

/** The action that takes a live file out of the table (PROTOCOL.md, "Add File and Remove File"). */
export function removeFile(file: AddFile, removal: { readonly now: number; readonly dataChange: boolean }): RemoveFile {
  return {
    type: 'remove',
    path: file.path,
    deletionTimestamp: removal.now,
    dataChange: removal.dataChange,
    extendedFileMetadata: true,
    partitionValues: file.partitionValues,
    size: file.size,
    ...(file.tags && { tags: file.tags }),
    ...(file.deletionVector && { deletionVector: file.deletionVector }),
    ...(file.baseRowId !== undefined && { baseRowId: file.baseRowId }),
    ...(file.defaultRowCommitVersion !== undefined && { defaultRowCommitVersion: file.defaultRowCommitVersion }),
  }
}
