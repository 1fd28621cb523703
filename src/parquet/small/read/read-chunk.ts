import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { uncompress } from 'snappyjs'
import type { ThriftStruct } from '../../thrift-type.js'
import { readHybrid } from './hybrid.js'
import { plainValues, type StoredValues } from './plain-values.js'
import type { ReadLeaf } from './read-node.js'

/** A leaf of a row group: a slot for each value, null and empty list, by the levels of Dremel (parquet-format, "Nested Encoding"). */
export interface LeafSlots {
  readonly length: number
  /** Undefined where every slot has a value. */
  readonly definition: Uint8Array | undefined
  /** Undefined where no list is around. */
  readonly repetition: Uint8Array | undefined
  /** The values that are there, in the order of their slots. */
  readonly values: readonly StoredValues[]
}

/** Of parquet.thrift. */
const PAGE = { data: 0, index: 1, dictionary: 2, dataV2: 3 }
const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 }
const CODEC = { uncompressed: 0, snappy: 1 }

/** Whether a column chunk is stored in a way that is read here. */
export function isReadable(metaData: ThriftStruct): boolean {
  const encodings = metaData.field_2
  return (
    (metaData.field_4 === CODEC.uncompressed || metaData.field_4 === CODEC.snappy) &&
    Array.isArray(encodings) &&
    encodings.every((encoding) => READ_ENCODINGS.has(Number(encoding)))
  )
}

/** Bit packing (4) without runs is named by old writers that never use it. */
const READ_ENCODINGS: ReadonlySet<number> = new Set([...Object.values(ENCODING), 4])

/** A page without its header. */
interface Page {
  readonly header: ThriftStruct
  readonly body: Uint8Array
}

/** @throws Error where the chunk is damaged */
export function readChunk(leaf: ReadLeaf, metaData: ThriftStruct, bytes: Uint8Array): LeafSlots {
  const length = Number(metaData.field_5)
  const definition = leaf.definition === 0 ? undefined : new Uint8Array(length)
  const repetition = leaf.repetition === 0 ? undefined : new Uint8Array(length)
  const values: StoredValues[] = []
  let dictionary: StoredValues | undefined
  let seen = 0
  for (const page of pagesOf(bytes)) {
    const kind = page.header.field_1
    if (kind === PAGE.dictionary) dictionary = readDictionary(leaf, metaData, page)
    if (kind !== PAGE.data && kind !== PAGE.dataV2) continue
    const read = kind === PAGE.data ? readPage : readPageV2
    const { count, levels, encoded, encoding } = read(leaf, metaData, page, length - seen)
    const end = seen + count
    definition?.set(levels.definition ?? [], seen)
    repetition?.set(levels.repetition ?? [], seen)
    const present = levels.definition === undefined ? count : countOf(levels.definition, leaf.definition)
    values.push(readValues(leaf, encoding, encoded, present, dictionary))
    seen = end
    if (seen === length) break
  }
  if (seen !== length) throw new Error(`a column has ${seen} of ${length} values`)
  return { length, definition, repetition, values }
}

function* pagesOf(bytes: Uint8Array): Generator<Page, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let offset = 0; offset < bytes.byteLength; ) {
    const reader = { view, offset }
    const header = deserializeTCompactProtocol(reader) as ThriftStruct
    const size = Number(header.field_3)
    const end = reader.offset + size
    if (!(size >= 0 && end <= bytes.byteLength)) throw new Error(`a page has ${size} bytes, which are not there`)
    yield { header, body: bytes.subarray(reader.offset, end) }
    offset = end
  }
}

interface DataPage {
  readonly count: number
  readonly levels: { readonly definition: Uint8Array | undefined; readonly repetition: Uint8Array | undefined }
  readonly encoded: Uint8Array
  readonly encoding: number
}

function readPage(leaf: ReadLeaf, metaData: ThriftStruct, { header, body }: Page, most: number): DataPage {
  const { field_1, field_2, field_3, field_4 } = structOf(header.field_5)
  const count = countedUpTo(field_1, most)
  const bytes = unpacked(metaData, body, Number(header.field_2))
  let at = 0
  const levels = (max: number, encoding: unknown): Uint8Array | undefined => {
    if (max === 0) return undefined
    if (encoding !== ENCODING.rle) throw new Error(`levels have the encoding ${String(encoding)}`)
    const end = at + 4 + lengthAt(bytes, at)
    const read = readLevels(bytes.subarray(at + 4, end), max, count)
    at = end
    return read
  }
  const repetition = levels(leaf.repetition, field_4)
  const definition = levels(leaf.definition, field_3)
  return { count, levels: { definition, repetition }, encoded: bytes.subarray(at), encoding: Number(field_2) }
}

/** Levels come first, not compressed and without their lengths. */
function readPageV2(leaf: ReadLeaf, metaData: ThriftStruct, { header, body }: Page, most: number): DataPage {
  const { field_1, field_4, field_5, field_6, field_7 } = structOf(header.field_8)
  const count = countedUpTo(field_1, most)
  const [definitionBytes, repetitionBytes] = [Number(field_5), Number(field_6)]
  const levelBytes = definitionBytes + repetitionBytes
  if (!(definitionBytes >= 0 && repetitionBytes >= 0 && levelBytes <= body.byteLength)) {
    throw new Error(`levels have ${levelBytes} bytes, which are not there`)
  }
  const levels = {
    repetition: readLevels(body.subarray(0, repetitionBytes), leaf.repetition, count),
    definition: readLevels(body.subarray(repetitionBytes, levelBytes), leaf.definition, count),
  }
  const rest = body.subarray(levelBytes)
  const encoded = field_7 === false ? rest : unpacked(metaData, rest, Number(header.field_2) - levelBytes)
  return { count, levels, encoded, encoding: Number(field_4) }
}

function readLevels(bytes: Uint8Array, max: number, count: number): Uint8Array | undefined {
  if (max === 0) return undefined
  const levels = new Uint8Array(count)
  readHybrid(bytes, bitWidth(max), levels, max + 1)
  return levels
}

function readDictionary(leaf: ReadLeaf, metaData: ThriftStruct, { header, body }: Page): StoredValues {
  const bytes = unpacked(metaData, body, Number(header.field_2))
  return plainValues(leaf, bytes, countedUpTo(structOf(header.field_7).field_1, bytes.byteLength))
}

function readValues(
  leaf: ReadLeaf,
  encoding: number,
  encoded: Uint8Array,
  count: number,
  dictionary: StoredValues | undefined,
): StoredValues {
  switch (encoding) {
    case ENCODING.plain:
      return plainValues(leaf, encoded, count)
    case ENCODING.plainDictionary:
    case ENCODING.rleDictionary: {
      if (count === 0) return { bytes: encoded, at: new Int32Array(0) }
      if (dictionary === undefined) throw new Error('a dictionary is missing')
      const at = new Int32Array(count)
      readHybrid(encoded.subarray(1), encoded[0] ?? 0, at, dictionary.at.length)
      for (let i = 0; i < count; i++) at[i] = dictionary.at[at[i] as number] as number
      return { bytes: dictionary.bytes, at }
    }
    case ENCODING.rle: {
      // Of booleans.
      const bytes = new Uint8Array(count)
      readHybrid(encoded.subarray(4, 4 + lengthAt(encoded, 0)), 1, bytes, 2)
      return { bytes, at: Int32Array.from(bytes.keys()) }
    }
    default:
      throw new Error(`a page has the encoding ${encoding}, which its column does not name`)
  }
}

function unpacked(metaData: ThriftStruct, body: Uint8Array, size: number): Uint8Array {
  if (metaData.field_4 === CODEC.uncompressed) return body
  if (size === 0) return new Uint8Array(0)
  const most = Number(metaData.field_6)
  if (!(size >= 0 && size <= most)) throw new Error(`a page unpacks to ${size} bytes, its column to ${most}`)
  const bytes = uncompress(body, size)
  if (bytes.byteLength !== size) throw new Error(`a page unpacks to ${bytes.byteLength} bytes, not ${size}`)
  return bytes
}

function structOf(value: unknown): ThriftStruct {
  if (typeof value !== 'object' || value === null) throw new Error('a page has no header of its kind')
  return value as ThriftStruct
}

function countedUpTo(value: unknown, most: number): number {
  const count = Number(value)
  if (!(Number.isSafeInteger(count) && count >= 0 && count <= most)) {
    throw new Error(`a page has ${String(value)} values, of ${most} at most`)
  }
  return count
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.byteLength) throw new Error('a page ends before its levels')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
}

function countOf(levels: Uint8Array, level: number): number {
  let count = 0
  for (const each of levels) if (each === level) count++
  return count
}

function bitWidth(max: number): number {
  return 32 - Math.clz32(max)
}
