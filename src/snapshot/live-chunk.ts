import type { AddFile, DeletionVectorDescriptor } from '../protocol/actions/action.js'
import type { FileChunk, PartitionColumn } from './file-list.js'

/** Some of the files of another chunk. */
export class LiveChunk implements FileChunk {
  readonly length: number
  readonly #files: FileChunk
  readonly #positions: Int32Array

  /** @param positions of the files that are left, ascending. */
  constructor(files: FileChunk, positions: Int32Array) {
    this.length = positions.length
    this.#files = files
    this.#positions = positions
  }

  path(i: number): string {
    return this.#files.path(this.#at(i))
  }

  size(i: number): number {
    return this.#files.size(this.#at(i))
  }

  modificationTime(i: number): number {
    return this.#files.modificationTime(this.#at(i))
  }

  deletionVector(i: number): DeletionVectorDescriptor | undefined {
    return this.#files.deletionVector(this.#at(i))
  }

  partitionColumn(physicalName: string): PartitionColumn {
    const { codes, values } = this.#files.partitionColumn(physicalName)
    return { codes: this.#positions.map((position) => codes[position] as number), values }
  }

  stats(i: number): string | undefined {
    return this.#files.stats(this.#at(i))
  }

  loadStatistics(signal?: AbortSignal): Promise<void> {
    return this.#files.loadStatistics(signal)
  }

  addFile(i: number): AddFile {
    return this.#files.addFile(this.#at(i))
  }

  #at(i: number): number {
    return this.#positions[i] as number
  }
}
