import { joinBytes } from '../runtime/join-bytes.js'
import type { Footer } from './footer.js'
import { chunksOf, fileTrailer } from './mini-file.js'
import type { ThriftStruct } from './thrift-type.js'

const MAGIC_BYTES = 4

interface ParquetBytes {
  readonly file: Uint8Array
  readonly footer: Footer
}

/** Makes one Parquet file of several of the same schema and writer: their row groups one after the other, under one footer. Pages and indexes are copied as they are. */
export class RowGroupJoiner {
  readonly #rowGroups: ThriftStruct[] = []
  #first: Footer | undefined
  #end = MAGIC_BYTES

  /** What follows in the joined file; of the first one, what it begins with. */
  add({ file, footer }: ParquetBytes): Uint8Array {
    const end = bodyEnd(file)
    for (const group of footer.rowGroups) {
      this.#rowGroups.push(moveRowGroup(group, this.#end - MAGIC_BYTES, this.#rowGroups.length))
    }
    this.#end += end - MAGIC_BYTES
    const piece = file.subarray(this.#first === undefined ? 0 : MAGIC_BYTES, end)
    this.#first ??= footer
    return piece
  }

  /** What the joined file ends with. */
  trailer(): Uint8Array {
    const rows = this.#rowGroups.reduce((sum, group) => sum + (group.field_3 as bigint), 0n)
    return fileTrailer({ ...this.#first?.fileMetaData, field_3: rows, field_4: this.#rowGroups })
  }
}

/** The same of files that are all at hand. */
export function joinRowGroups(files: readonly ParquetBytes[]): Uint8Array<ArrayBuffer> {
  const joiner = new RowGroupJoiner()
  const pieces = files.map((file) => joiner.add(file))
  return joinBytes([...pieces, joiner.trailer()])
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

/** A column chunk whose bytes stand `by` bytes further on. */
export function moveChunk(chunk: ThriftStruct, by: number): ThriftStruct {
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
