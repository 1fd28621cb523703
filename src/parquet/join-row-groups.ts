import type { Footer } from './footer.js'
import { chunksOf, fileTrailer } from './mini-file.js'
import type { ThriftStruct } from './thrift-type.js'

const MAGIC_BYTES = 4

/**
 * One Parquet file from several of the same schema and writer: their row groups one after the other, under one footer. Pages and indexes are
 * copied as they are.
 */
export function joinRowGroups(
  files: readonly { readonly file: Uint8Array; readonly footer: Footer }[],
): Uint8Array<ArrayBuffer> {
  const rowGroups: ThriftStruct[] = []
  const bodies: Uint8Array[] = []
  let end = MAGIC_BYTES
  for (const { file, footer } of files) {
    const body = file.subarray(MAGIC_BYTES, bodyEnd(file))
    for (const group of footer.rowGroups) rowGroups.push(moveRowGroup(group, end - MAGIC_BYTES, rowGroups.length))
    bodies.push(body)
    end += body.byteLength
  }
  const [first] = files as [(typeof files)[number]]
  const rows = rowGroups.reduce((sum, group) => sum + (group.field_3 as bigint), 0n)
  const trailer = fileTrailer({ ...first.footer.fileMetaData, field_3: rows, field_4: rowGroups })
  const joined = new Uint8Array(end + trailer.byteLength)
  joined.set(first.file.subarray(0, MAGIC_BYTES))
  let at = MAGIC_BYTES
  for (const body of bodies) {
    joined.set(body, at)
    at += body.byteLength
  }
  joined.set(trailer, at)
  return joined
}

function bodyEnd(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  return file.byteLength - 8 - view.getUint32(file.byteLength - 8, true)
}

/** A row group whose bytes, indexes included, stand `by` bytes further on. */
export function moveRowGroup(group: ThriftStruct, by: number, ordinal: number): ThriftStruct {
  return {
    ...group,
    ...moved(group, 'field_5', by),
    field_1: chunksOf(group).map((chunk) => moveChunk(chunk, by)),
    field_7: ordinal,
  }
}

function moveChunk(chunk: ThriftStruct, by: number): ThriftStruct {
  const metaData = chunk.field_3 as ThriftStruct
  const pages = {
    ...moved(metaData, 'field_9', by),
    ...moved(metaData, 'field_10', by),
    ...moved(metaData, 'field_11', by),
  }
  const indexes = { ...moved(chunk, 'field_4', by), ...moved(chunk, 'field_6', by) }
  return { ...chunk, ...moved(chunk, 'field_2', by), ...indexes, field_3: { ...metaData, ...pages } }
}

/** An offset moved; 0 stands for none. */
function moved(struct: ThriftStruct, field: `field_${number}`, by: number): ThriftStruct {
  const offset = struct[field]
  return typeof offset === 'bigint' && offset !== 0n ? { [field]: offset + BigInt(by) } : {}
}
