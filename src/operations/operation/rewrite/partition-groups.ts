import type { AddFile } from '../../../protocol/actions/action.js'

/** Files of one partition together, up to about `targetSize` bytes a group. Pure; no I/O. */
export function partitionGroups(files: Iterable<AddFile>, targetSize: number): AddFile[][] {
  const groups: AddFile[][] = []
  const open = new Map<string, { readonly files: AddFile[]; size: number }>()
  for (const file of files) {
    const partition = JSON.stringify(Object.entries(file.partitionValues).sort())
    const group = open.get(partition)
    if (group !== undefined && group.size + file.size <= targetSize) {
      group.files.push(file)
      group.size += file.size
      continue
    }
    const fresh = { files: [file], size: file.size }
    groups.push(fresh.files)
    open.set(partition, fresh)
  }
  return groups
}
