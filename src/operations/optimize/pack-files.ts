import type { AddFile } from '../../protocol/actions/action.js'

/** Files of at least this share of the target are left alone, so that optimizing again finds nothing to do. */
const LARGE_ENOUGH = 0.75
/** Files that hide more than this share of their rows are rewritten even alone, as Spark does. */
const MANY_DELETED = 0.05

/**
 * Groups of files of one partition that are worth rewriting together, each of about `targetSize` bytes. Files keep the order of the log: what was
 * written together stays together, so that the extremes of the new files stay narrow.
 *
 * Pure; no I/O.
 */
export function packFiles(files: Iterable<AddFile>, targetSize: number): AddFile[][] {
  const groups: AddFile[][] = []
  const open = new Map<string, { files: AddFile[]; size: number }>()
  for (const file of files) {
    if (file.size >= targetSize * LARGE_ENOUGH && !hasManyDeleted(file)) continue
    const partition = partitionKey(file)
    const group = open.get(partition)
    if (group !== undefined && group.size + file.size <= targetSize) {
      group.files.push(file)
      group.size += file.size
      continue
    }
    if (group !== undefined) groups.push(group.files)
    open.set(partition, { files: [file], size: file.size })
  }
  for (const group of open.values()) groups.push(group.files)
  return groups.filter((group) => group.length > 1 || group.some(hasManyDeleted))
}

/** Tells partitions apart. */
export function partitionKey({ partitionValues }: AddFile): string {
  return JSON.stringify(Object.entries(partitionValues).sort())
}

function hasManyDeleted({ deletionVector, stats }: AddFile): boolean {
  if (deletionVector === undefined) return false
  const records = stats === undefined ? Number.NaN : Number(JSON.parse(stats).numRecords)
  return !(deletionVector.cardinality <= records * MANY_DELETED)
}
