import type { FileList } from '../file-list.js'
import { concatBlocks } from './concat-blocks.js'
import { BLOCK_FILES } from './file-block.js'
import type { FileKeys } from './file-keys.js'
import { LiveBlock } from './live-block.js'

/** The live files of a version, in log order. The next version shares every block that its commit did not touch. */
export class LiveFiles implements FileList {
  readonly numFiles: number
  readonly sizeInBytes: number
  readonly chunks: readonly LiveBlock[]

  constructor(chunks: readonly LiveBlock[]) {
    this.chunks = chunks
    let [numFiles, sizeInBytes] = [0, 0]
    for (const chunk of chunks) {
      numFiles += chunk.length
      sizeInBytes += chunk.sizeInBytes
    }
    this.numFiles = numFiles
    this.sizeInBytes = sizeInBytes
  }

  /** The files after commits that touched some keys and added files. */
  apply(touched: FileKeys, added: LiveFiles): LiveFiles {
    if (touched.size === 0 || this.numFiles === 0) return this.concat(added)
    const left = this.chunks.flatMap((chunk) => chunk.without(touched) ?? [])
    return new LiveFiles(left).concat(added)
  }

  /** More files at the end. Small blocks are merged as they come, so that n files one by one make no more than log2 n blocks. */
  concat({ chunks: added }: LiveFiles): LiveFiles {
    if (added.length === 0) return this
    const chunks = [...this.chunks]
    for (const chunk of added) {
      let [pieces, length] = [[chunk], chunk.length]
      for (let last = chunks.at(-1); last !== undefined && mayJoin(last, length); last = chunks.at(-1)) {
        pieces = [last, ...pieces]
        length += last.length
        chunks.pop()
      }
      chunks.push(pieces.length === 1 ? chunk : new LiveBlock(concatBlocks(pieces)))
    }
    return new LiveFiles(chunks)
  }
}

function mayJoin(last: LiveBlock, length: number): boolean {
  return last.length <= 2 * length && last.length + length <= BLOCK_FILES && last.block.columns.statistics.isOwned
}
