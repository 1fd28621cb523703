import type { AddFile } from '../../src/protocol/actions/action.js'
import type { Snapshot } from '../../src/snapshot/snapshot.js'

/** Every live file of a snapshot as an action, statistics included, in the order of the list. Checks that the list agrees with itself. */
export async function filesOf(snapshot: Snapshot): Promise<AddFile[]> {
  const list = await snapshot.files()
  const files: AddFile[] = []
  for (const chunk of list.chunks) {
    await chunk.loadStatistics()
    for (let i = 0; i < chunk.length; i++) {
      const file = chunk.addFile(i)
      const parts = { path: chunk.path(i), size: chunk.size(i), modificationTime: chunk.modificationTime(i) }
      if (Object.entries(parts).some(([name, value]) => file[name as keyof AddFile] !== value)) {
        throw new Error(`File ${i} of a chunk differs from its columns: ${JSON.stringify([file, parts])}`)
      }
      for (const [name, value] of Object.entries(file.partitionValues)) {
        const { codes, values } = chunk.partitionColumn(name)
        if (values[codes[i] as number] !== value) throw new Error(`Partition ${name} of ${file.path} differs`)
      }
      if (chunk.stats(i) !== file.stats) throw new Error(`Statistics of ${file.path} differ`)
      files.push(file)
    }
  }
  const sizeInBytes = files.reduce((sum, { size }) => sum + size, 0)
  if (files.length !== list.numFiles || sizeInBytes !== list.sizeInBytes) {
    throw new Error(
      `The list counts ${list.numFiles} files of ${list.sizeInBytes} bytes, and has ${files.length} of ${sizeInBytes}`,
    )
  }
  return files
}
