import type { FileChunk } from './file-list.js'

/** Files as columns, in which a path can be looked up. */
export interface FileColumns extends FileChunk {
  /** The position of the file of a path (as `normalPath` gives it), -1 where there is none. The first look-up builds an index. */
  indexOf(path: string): number
}
