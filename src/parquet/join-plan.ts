import type { ByteSource } from './byte-source.js'
import type { ChunkSpan } from './fetch-chunks.js'
import type { Footer } from './footer.js'
import { moveRowGroup } from './join-row-groups.js'
import { chunksOf, fileTrailer } from './mini-file.js'
import { withoutIndexes } from './partial-copy.js'
import { rowGroupExtent } from './split-plan.js'
import type { ThriftStruct } from './thrift-type.js'

/** How files become one: the bytes of each, one behind the other, and a footer. */
export interface JoinedFile {
  /** Of each file, in order. Those of the first begin with its magic word: it can be lengthened where it lies. */
  readonly spans: readonly ChunkSpan[]
  readonly trailer: Uint8Array
  readonly numRows: number
}

/** How to make one file of several of the same schema and writer, in order, without decoding anything. Page indexes and bloom filters are left out. */
export function joinPlan(files: readonly { readonly source: ByteSource; readonly footer: Footer }[]): JoinedFile {
  const [first] = files as [(typeof files)[number]]
  const spans: ChunkSpan[] = []
  const rowGroups: ThriftStruct[] = []
  let end = 0
  let numRows = 0
  for (const [i, { source, footer }] of files.entries()) {
    const extents = footer.rowGroups.map((group) => rowGroupExtent(source, group))
    const start = i === 0 ? 0 : Math.min(...extents.map((extent) => extent.start))
    const span = { start, end: Math.max(...extents.map((extent) => extent.end)) }
    for (const group of footer.rowGroups) {
      const plain = { ...group, field_1: chunksOf(group).map(withoutIndexes) }
      rowGroups.push(moveRowGroup(plain, end - start, rowGroups.length))
      numRows += Number(group.field_3)
    }
    spans.push(span)
    end += span.end - start
  }
  const trailer = fileTrailer({ ...first.footer.fileMetaData, field_3: BigInt(numRows), field_4: rowGroups })
  return { spans, trailer, numRows }
}
