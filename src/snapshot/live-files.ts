import type { FileChanges } from '../log/replay/file-changes.js'
import { fileKey, normalPath } from '../log/replay/file-key.js'
import type { AddFile } from '../protocol/actions/action.js'
import { CommitChunk } from './commit-chunk.js'
import type { FileColumns } from './file-columns.js'
import type { FileChunk, FileList } from './file-list.js'
import { LiveChunk } from './live-chunk.js'

/** Columns, and which of their files are no longer live. */
interface Layer {
  readonly columns: FileColumns
  readonly dead: ReadonlySet<number>
  /** The live ones as others see them. */
  readonly chunk: FileChunk
}

const NONE: ReadonlySet<number> = new Set()

/** The live files of a version, in layers: the next version shares every layer that its commit did not touch. */
export class LiveFiles implements FileList {
  readonly numFiles: number
  readonly sizeInBytes: number
  readonly chunks: readonly FileChunk[]
  readonly #layers: readonly Layer[]

  private constructor(layers: readonly Layer[], totals: { numFiles: number; sizeInBytes: number }) {
    this.#layers = layers
    this.numFiles = totals.numFiles
    this.sizeInBytes = totals.sizeInBytes
    this.chunks = layers.map((layer) => layer.chunk)
  }

  static of(columns: readonly FileColumns[]): LiveFiles {
    const layers = columns
      .filter(({ length }) => length > 0)
      .map((each) => ({ columns: each, dead: NONE, chunk: each }))
    return new LiveFiles(layers, totalsOf(layers))
  }

  /** The files after more commits. Cost: a look-up in each layer for each file touched. */
  apply({ added, touched }: FileChanges): LiveFiles {
    let { numFiles, sizeInBytes } = this
    const killed = new Map<Layer, Set<number>>()
    for (const key of touched) {
      const found = this.#find(key)
      if (found === undefined) continue
      let positions = killed.get(found.layer)
      if (positions === undefined) {
        positions = new Set()
        killed.set(found.layer, positions)
      }
      positions.add(found.position)
      numFiles--
      sizeInBytes -= found.layer.columns.size(found.position)
    }
    const layers = this.#layers.flatMap((layer) => without(layer, killed.get(layer)))
    if (added.length > 0) appendLayer(layers, added)
    for (const file of added) sizeInBytes += file.size
    return new LiveFiles(layers, { numFiles: numFiles + added.length, sizeInBytes })
  }

  #find(key: string): { readonly layer: Layer; readonly position: number } | undefined {
    const [path = ''] = key.split('\n', 1)
    for (const layer of this.#layers) {
      const position = layer.columns.indexOf(path)
      if (position < 0 || layer.dead.has(position)) continue
      if (keyAt(layer.columns, position) === key) return { layer, position }
    }
    return undefined
  }
}

function keyAt(columns: FileColumns, position: number): string {
  const deletionVector = columns.deletionVector(position)
  const path = normalPath(columns.path(position))
  return deletionVector === undefined ? path : fileKey({ path, deletionVector })
}

function totalsOf(layers: readonly Layer[]): { numFiles: number; sizeInBytes: number } {
  let [numFiles, sizeInBytes] = [0, 0]
  for (const { columns } of layers) {
    numFiles += columns.length
    for (let i = 0; i < columns.length; i++) sizeInBytes += columns.size(i)
  }
  return { numFiles, sizeInBytes }
}

function without(layer: Layer, killed: ReadonlySet<number> | undefined): Layer[] {
  if (killed === undefined) return [layer]
  const { columns } = layer
  const dead = new Set([...layer.dead, ...killed])
  if (dead.size === columns.length) return []
  const positions = new Int32Array(columns.length - dead.size)
  for (let i = 0, next = 0; i < columns.length; i++) if (!dead.has(i)) positions[next++] = i
  return [{ columns, dead, chunk: new LiveChunk(columns, positions) }]
}

/** Small layers at the end are merged into the new one, so that there are never more than about log2 of their files. */
function appendLayer(layers: Layer[], added: readonly AddFile[]): void {
  let files = added
  for (
    let last = layers.at(-1);
    last?.columns instanceof CommitChunk && last.columns.length <= 2 * files.length;
    last = layers.at(-1)
  ) {
    const { chunk } = last
    files = [...Array.from({ length: chunk.length }, (_, i) => chunk.addFile(i)), ...files]
    layers.pop()
  }
  const columns = new CommitChunk(files)
  layers.push({ columns, dead: NONE, chunk: columns })
}
