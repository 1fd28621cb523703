import type { ByteSource } from './byte-source.js'
import type { ChunkSpan } from './fetch-chunks.js'
import type { Footer } from './footer.js'
import { moveRowGroup } from './join-row-groups.js'
import { chunkAt, chunksOf, fileTrailer } from './mini-file.js'
import { withoutIndexes } from './partial-copy.js'
import type { ThriftStruct } from './thrift-type.js'

const MAGIC_BYTES = 4

/** One of the files that a file is split into: the magic word, bytes of the original, a footer. */
export interface FilePart {
  /** Bytes of the original. */
  readonly span: ChunkSpan
  readonly trailer: Uint8Array
  readonly numRows: number
}

/**
 * How to split a file between row groups into files of about `targetSize` bytes, in order, without decoding anything. One part where it
 * cannot be split.
 */
export function splitPlan(source: ByteSource, footer: Footer, targetSize: number): FilePart[] {
  const groups = footer.rowGroups.filter((group) => Number(group.field_3) > 0)
  const runs: { span: ChunkSpan; groups: ThriftStruct[] }[] = []
  for (const group of groups) {
    const span = rowGroupExtent(source, group)
    const last = runs.at(-1)
    // Row groups that lie among each other stay together.
    const joined = last !== undefined && (span.start < last.span.end || span.end - last.span.start <= targetSize)
    if (joined) {
      last.span = { start: Math.min(last.span.start, span.start), end: Math.max(last.span.end, span.end) }
      last.groups.push(group)
    } else runs.push({ span, groups: [group] })
  }
  return runs.map((run) => partOf(footer, run.span, run.groups))
}

/** Where the bytes of a row group lie. */
export function rowGroupExtent(source: ByteSource, group: ThriftStruct): ChunkSpan {
  const spans = chunksOf(group).map((_, leaf) => chunkAt(group, leaf, source).span)
  return { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) }
}

function partOf(footer: Footer, span: ChunkSpan, groups: readonly ThriftStruct[]): FilePart {
  const moved = groups.map((group, ordinal) => {
    const plain = { ...group, field_1: chunksOf(group).map(withoutIndexes) }
    return moveRowGroup(plain, MAGIC_BYTES - span.start, ordinal)
  })
  const numRows = groups.reduce((sum, group) => sum + Number(group.field_3), 0)
  const trailer = fileTrailer({ ...footer.fileMetaData, field_3: BigInt(numRows), field_4: moved })
  return { span, trailer, numRows }
}
