import { type TextColumn, textAt, textColumn } from '../log/replay/text-column.js'
import type { AddFile, DeletionVectorDescriptor } from '../protocol/actions/action.js'
import type { JsonValue } from '../schema/data-type.js'
import { parseJson, stringifyJson } from '../schema/lossless-json.js'
import type { FileColumns } from './file-columns.js'
import type { PartitionColumn } from './file-list.js'
import { PathIndex } from './path-index.js'

/**
 * Files that commits added, as columns. What most files lack (deletion vectors, tags, row ids, fields of newer writers) is kept as JSON text
 * of the few that have it.
 */
export class CommitChunk implements FileColumns {
  readonly length: number
  readonly #paths: TextColumn
  readonly #stats: TextColumn
  readonly #partitions: TextColumn
  readonly #sizes: Float64Array
  readonly #times: Float64Array
  readonly #dataChange: Uint8Array
  readonly #rest: ReadonlyMap<number, string>
  readonly #partitionColumns = new Map<string, PartitionColumn>()
  #index: PathIndex | undefined

  constructor(files: readonly AddFile[]) {
    this.length = files.length
    this.#paths = textColumn(files.map((file) => file.path))
    this.#stats = textColumn(files.map((file) => file.stats ?? ''))
    this.#partitions = textColumn(files.map((file) => partitionText(file)))
    this.#sizes = Float64Array.from(files, (file) => file.size)
    this.#times = Float64Array.from(files, (file) => file.modificationTime)
    this.#dataChange = Uint8Array.from(files, (file) => (file.dataChange ? 1 : 0))
    this.#rest = restOf(files)
  }

  indexOf(path: string): number {
    this.#index ??= new PathIndex(this.#paths)
    return this.#index.find(path)
  }

  path(i: number): string {
    return textAt(this.#paths, i)
  }

  size(i: number): number {
    return this.#sizes[i] as number
  }

  modificationTime(i: number): number {
    return this.#times[i] as number
  }

  deletionVector(i: number): DeletionVectorDescriptor | undefined {
    return this.#restAt(i).deletionVector
  }

  partitionColumn(physicalName: string): PartitionColumn {
    let column = this.#partitionColumns.get(physicalName)
    if (column === undefined) {
      column = this.#decodePartitions(physicalName)
      this.#partitionColumns.set(physicalName, column)
    }
    return column
  }

  stats(i: number): string | undefined {
    return textAt(this.#stats, i) || undefined
  }

  async loadStatistics(): Promise<void> {}

  addFile(i: number): AddFile {
    const stats = this.stats(i)
    return {
      type: 'add',
      path: this.path(i),
      partitionValues: this.#partitionsAt(i),
      size: this.size(i),
      modificationTime: this.modificationTime(i),
      dataChange: this.#dataChange[i] === 1,
      ...(stats === undefined ? {} : { stats }),
      ...this.#restAt(i),
    }
  }

  #restAt(i: number): Partial<AddFile> {
    const text = this.#rest.get(i)
    return text === undefined ? {} : (parseJson(text) as Partial<AddFile>)
  }

  #partitionsAt(i: number): AddFile['partitionValues'] {
    const text = textAt(this.#partitions, i)
    return text === '' ? {} : (JSON.parse(text) as AddFile['partitionValues'])
  }

  #decodePartitions(physicalName: string): PartitionColumn {
    const values: (string | null)[] = []
    const codeOf = new Map<string | null, number>()
    const codes = new Int32Array(this.length)
    for (let i = 0; i < this.length; i++) {
      const partitions = this.#partitionsAt(i)
      const value = Object.hasOwn(partitions, physicalName) ? (partitions[physicalName] ?? null) : null
      let code = codeOf.get(value)
      if (code === undefined) {
        code = values.push(value) - 1
        codeOf.set(value, code)
      }
      codes[i] = code
    }
    return { codes, values }
  }
}

function partitionText({ partitionValues }: AddFile): string {
  for (const _ in partitionValues) return JSON.stringify(partitionValues)
  return ''
}

function restOf(files: readonly AddFile[]): Map<number, string> {
  const rest = new Map<number, string>()
  files.forEach((file, i) => {
    const { type, path, partitionValues, size, modificationTime, dataChange, stats, ...others } = file
    for (const _ in others) {
      rest.set(i, stringifyJson(others as unknown as JsonValue))
      break
    }
  })
  return rest
}
