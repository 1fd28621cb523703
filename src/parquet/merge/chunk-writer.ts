import { joinBytes } from '../../runtime/join-bytes.js'
import { PAGE_HEADER } from '../footer-fields.js'
import { packSnappy } from '../pages/pack-snappy.js'
import { CODEC, ENCODING, PAGE } from '../pages/page-format.js'
import { dataPageFacts, type Page } from '../pages/read-pages.js'
import { storeSnappy } from '../pages/snappy.js'
import type { ThriftStruct } from '../thrift-type.js'
import { writeThrift } from '../thrift-writer.js'

/** Puts the pages of a column chunk behind each other. */
export class ChunkWriter {
  /** Bytes of the chunk. */
  readonly pieces: Uint8Array[] = []
  readonly #codec: number
  /** How many pages there are of each kind and encoding. */
  readonly #pages: { readonly kind: number; readonly encoding: number; count: number }[] = []
  #stored = 0
  #unpacked = 0
  #dictionaryBytes = 0
  #count = 0

  /** @param codec `CompressionCodec` of parquet.thrift: snappy or none */
  constructor(codec: number) {
    this.#codec = codec
  }

  get hasDictionary(): boolean {
    return this.#dictionaryBytes > 0
  }

  get byteLength(): number {
    return this.#stored
  }

  /** Takes a page of data as it is. */
  copy(page: Page, count: number): void {
    this.#countPage(Number(page.header.field_1), dataPageFacts(page)?.encoding ?? ENCODING.plain)
    this.#count += count
    const header = page.whole.byteLength - page.body.byteLength
    this.#push([page.whole], header + Number(page.header.field_2))
  }

  /** @param plain the values, of which there are `count` */
  dictionary(plain: Uint8Array, count: number): void {
    this.#countPage(PAGE.dictionary, ENCODING.plain)
    this.#write(PAGE.dictionary, plain, { field_7: { field_1: count, field_2: ENCODING.plain } })
    this.#dictionaryBytes = this.#stored
  }

  /** @param count values, nulls and empty lists included @param parts levels with their lengths, then values */
  data(count: number, encoding: number, parts: readonly Uint8Array[]): void {
    this.#countPage(PAGE.data, encoding)
    this.#count += count
    const facts = { field_1: count, field_2: encoding, field_3: ENCODING.rle, field_4: ENCODING.rle }
    this.#write(PAGE.data, joinBytes(parts), { field_5: facts })
  }

  /** ColumnMetaData of parquet.thrift for a chunk that begins at an offset. */
  metaData(offset: number): ThriftStruct {
    return {
      field_2: [...new Set([...this.#pages.map(({ encoding }) => encoding), ENCODING.rle])],
      field_4: this.#codec,
      field_5: BigInt(this.#count),
      field_6: BigInt(this.#unpacked),
      field_7: BigInt(this.#stored),
      field_9: BigInt(offset + this.#dictionaryBytes),
      ...(this.hasDictionary && { field_11: BigInt(offset) }),
      field_13: this.#pages.map(({ kind, encoding, count }) => ({ field_1: kind, field_2: encoding, field_3: count })),
    }
  }

  #countPage(kind: number, encoding: number): void {
    const alike = this.#pages.find((each) => each.kind === kind && each.encoding === encoding)
    if (alike === undefined) this.#pages.push({ kind, encoding, count: 1 })
    else alike.count++
  }

  #write(kind: number, plain: Uint8Array, facts: ThriftStruct): void {
    const body = this.#codec === CODEC.snappy ? packed(plain) : plain
    const header = { field_1: kind, field_2: plain.byteLength, field_3: body.byteLength, ...facts }
    const written = writeThrift(header, PAGE_HEADER)
    this.#push([written, body], written.byteLength + plain.byteLength)
  }

  #push(pieces: readonly Uint8Array[], unpacked: number): void {
    for (const piece of pieces) {
      this.pieces.push(piece)
      this.#stored += piece.byteLength
    }
    this.#unpacked += unpacked
  }
}

/** A page of which so many bytes get no smaller than that is not compressed. */
const SAMPLE_BYTES = 8 << 10
const WORTH_COMPRESSION = 0.95

function packed(plain: Uint8Array): Uint8Array {
  const sample = plain.subarray(0, SAMPLE_BYTES)
  const compressed = packSnappy(sample)
  if (compressed.byteLength > sample.byteLength * WORTH_COMPRESSION) return storeSnappy(plain)
  return sample.byteLength === plain.byteLength ? compressed : packSnappy(plain)
}
