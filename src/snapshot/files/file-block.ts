import { normalPath } from '../../log/replay/file-key.js'
import type { AddFile, DeletionVectorDescriptor } from '../../protocol/actions/action.js'
import { parseJson } from '../../schema/lossless-json.js'
import type { PartitionColumn } from '../file-list.js'
import type { BlockStatistics } from './block-statistics.js'
import { type LongColumn, longAt } from './long-column.js'
import { hashBytes, isFileUrl } from './path-hash.js'
import { type TextColumn, textAt } from './text-column.js'

export interface FileBlockColumns {
  readonly paths: TextColumn
  readonly sizes: LongColumn
  readonly modificationTimes: LongColumn
  /** By physical name; columns that no file of the block has are left out. Worked out when first asked for. */
  readonly partitions: () => ReadonlyMap<string, PartitionColumn>
  readonly statistics: BlockStatistics
  /** JSON text of the `deletionVector`; left out where no file has one. */
  readonly vectors: TextColumn | undefined
  /** Left out where no file has one. */
  readonly baseRowIds: LongColumn | undefined
  readonly defaultRowCommitVersions: LongColumn | undefined
  /** JSON text of all that is left (tags, fields of newer writers); left out where no file has any. */
  readonly rest: TextColumn | undefined
}

/** At most so many files are in a block. */
export const BLOCK_FILES: number = 1 << 16

/**
 * Add actions as columns, immutable but for statistics that are loaded later. Snapshots share blocks; which of its files are live is said by each
 * of them (see `LiveBlock`).
 */
export class FileBlock {
  readonly length: number
  readonly columns: FileBlockColumns
  #hashes: Int32Array | undefined

  constructor(columns: FileBlockColumns) {
    this.columns = columns
    this.length = columns.sizes.length / 2
  }

  path(i: number): string {
    return textAt(this.columns.paths, i)
  }

  size(i: number): number {
    return longAt(this.columns.sizes, i) ?? 0
  }

  modificationTime(i: number): number {
    return longAt(this.columns.modificationTimes, i) ?? 0
  }

  deletionVector(i: number): DeletionVectorDescriptor | undefined {
    const { vectors } = this.columns
    const text = vectors === undefined ? '' : textAt(vectors, i)
    return text === '' ? undefined : (JSON.parse(text) as DeletionVectorDescriptor)
  }

  addFile(i: number): AddFile {
    const { statistics, baseRowIds, defaultRowCommitVersions } = this.columns
    const stats = statistics.at(i)
    const deletionVector = this.deletionVector(i)
    const baseRowId = baseRowIds && longAt(baseRowIds, i)
    const defaultRowCommitVersion = defaultRowCommitVersions && longAt(defaultRowCommitVersions, i)
    return {
      type: 'add',
      path: this.path(i),
      partitionValues: this.#partitionValues(i),
      size: this.size(i),
      modificationTime: this.modificationTime(i),
      dataChange: false,
      ...(stats !== undefined && { stats }),
      ...(deletionVector !== undefined && { deletionVector }),
      ...(baseRowId !== undefined && { baseRowId }),
      ...(defaultRowCommitVersion !== undefined && { defaultRowCommitVersion }),
      ...this.rest(i),
    }
  }

  /** Tags and all that newer writers may have added. */
  rest(i: number): Partial<AddFile> | undefined {
    const { rest } = this.columns
    const text = rest === undefined ? '' : textAt(rest, i)
    return text === '' ? undefined : (parseJson(text) as Partial<AddFile>)
  }

  /** Hashes of the normal paths. Made when first asked for, in one pass over the bytes. */
  pathHashes(): Int32Array {
    this.#hashes ??= this.#hashPaths()
    return this.#hashes
  }

  #partitionValues(i: number): AddFile['partitionValues'] {
    const values: [string, string | null][] = []
    for (const [name, column] of this.columns.partitions()) {
      values.push([name, column.values[column.codes[i] as number] ?? null])
    }
    // fromEntries defines properties: a column named `__proto__` is one like any other.
    return Object.fromEntries(values)
  }

  #hashPaths(): Int32Array {
    const { data, offsets } = this.columns.paths
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const hashes = new Int32Array(this.length)
    for (let i = 0; i < hashes.length; i++) {
      const start = offsets[i] as number
      hashes[i] = isFileUrl(data, start)
        ? hashText(normalPath(this.path(i)))
        : hashBytes(view, start, offsets[i + 1] as number)
    }
    return hashes
  }
}

function hashText(text: string): number {
  const bytes = new TextEncoder().encode(text)
  return hashBytes(new DataView(bytes.buffer), 0, bytes.length)
}
