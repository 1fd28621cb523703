import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { PHYSICAL } from '../parquet-schema.js'
import type { ThriftStruct } from '../thrift-type.js'
import { bitWidth } from './encode-hybrid.js'
import { CODEC, ENCODING, PAGE } from './page-format.js'
import { plainValues, type StoredValues } from './plain-values.js'
import { readHybrid } from './read-hybrid.js'
import type { ReadLeaf } from './read-node.js'
import { type Allocate, unpackSnappy } from './snappy.js'

/** Whether a column chunk is stored in a way that is read here. @param metaData ColumnMetaData of parquet.thrift */
export function isReadable(metaData: ThriftStruct): boolean {
  const encodings = metaData.field_2
  return (
    (metaData.field_4 === CODEC.uncompressed || metaData.field_4 === CODEC.snappy) &&
    Array.isArray(encodings) &&
    encodings.every((encoding) => READ_ENCODINGS.has(Number(encoding)))
  )
}

/** Bit packing without runs is named by old writers that never use it. */
const READ_ENCODINGS: ReadonlySet<number> = new Set(Object.values(ENCODING))

/** A page of a column chunk. */
export interface Page {
  readonly header: ThriftStruct
  /** Without the header. */
  readonly body: Uint8Array
  /** With the header. */
  readonly whole: Uint8Array
}

/** @throws Error where the pages are not all there */
export function* pagesOf(bytes: Uint8Array): Generator<Page, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let offset = 0; offset < bytes.byteLength; ) {
    const reader = { view, offset }
    const header = deserializeTCompactProtocol(reader) as ThriftStruct
    const size = Number(header.field_3)
    const end = reader.offset + size
    if (!(size >= 0 && end <= bytes.byteLength)) throw new Error(`a page has ${size} bytes, which are not there`)
    yield { header, body: bytes.subarray(reader.offset, end), whole: bytes.subarray(offset, end) }
    offset = end
  }
}

/** How many values a page of data has, nulls and empty lists included, and how they are encoded. Undefined for other pages. */
export function dataPageFacts({ header }: Page): { readonly count: unknown; readonly encoding: number } | undefined {
  if (header.field_1 === PAGE.data) {
    const { field_1, field_2 } = structOf(header.field_5)
    return { count: field_1, encoding: Number(field_2) }
  }
  if (header.field_1 !== PAGE.dataV2) return undefined
  const { field_1, field_4 } = structOf(header.field_8)
  return { count: field_1, encoding: Number(field_4) }
}

/** A page of data, unpacked. */
export interface DataPage {
  readonly count: number
  /** In the hybrid, without their length. */
  readonly levels: { readonly definition: Uint8Array; readonly repetition: Uint8Array }
  readonly encoded: Uint8Array
  readonly encoding: number
}

/**
 * @param most values that the page may have
 * @param allocate gives out what the page is unpacked into
 * @throws Error where the page is damaged
 */
export function readDataPage(
  leaf: ReadLeaf,
  metaData: ThriftStruct,
  page: Page,
  most: number,
  allocate?: Allocate,
): DataPage {
  return page.header.field_1 === PAGE.data
    ? readVersion1(leaf, metaData, page, most, allocate)
    : readVersion2(metaData, page, most, allocate)
}

function readVersion1(
  leaf: ReadLeaf,
  metaData: ThriftStruct,
  { header, body }: Page,
  most: number,
  allocate?: Allocate,
): DataPage {
  const { field_1, field_2, field_3, field_4 } = structOf(header.field_5)
  const count = countedUpTo(field_1, most)
  const bytes = unpacked(metaData, body, Number(header.field_2), allocate)
  let at = 0
  const levels = (max: number, encoding: unknown): Uint8Array => {
    if (max === 0) return NOTHING
    if (encoding !== ENCODING.rle) throw new Error(`levels have the encoding ${String(encoding)}`)
    const start = at + 4
    at = start + lengthAt(bytes, at)
    return bytes.subarray(start, at)
  }
  const repetition = levels(leaf.repetition, field_4)
  const definition = levels(leaf.definition, field_3)
  return { count, levels: { definition, repetition }, encoded: bytes.subarray(at), encoding: Number(field_2) }
}

/** Levels come first, not compressed. */
function readVersion2(metaData: ThriftStruct, { header, body }: Page, most: number, allocate?: Allocate): DataPage {
  const { field_1, field_4, field_5, field_6, field_7 } = structOf(header.field_8)
  const count = countedUpTo(field_1, most)
  const [definitionBytes, repetitionBytes] = [Number(field_5), Number(field_6)]
  const levelBytes = definitionBytes + repetitionBytes
  if (!(definitionBytes >= 0 && repetitionBytes >= 0 && levelBytes <= body.byteLength)) {
    throw new Error(`levels have ${levelBytes} bytes, which are not there`)
  }
  const levels = {
    repetition: body.subarray(0, repetitionBytes),
    definition: body.subarray(repetitionBytes, levelBytes),
  }
  const rest = body.subarray(levelBytes)
  const encoded = field_7 === false ? rest : unpacked(metaData, rest, Number(header.field_2) - levelBytes, allocate)
  return { count, levels, encoded, encoding: Number(field_4) }
}

const NOTHING = new Uint8Array(0)

/** A level for each value. Undefined where the only level is 0. */
export function readLevels(bytes: Uint8Array, max: number, count: number): Uint8Array | undefined {
  if (max === 0) return undefined
  const levels = new Uint8Array(count)
  readHybrid(bytes, bitWidth(max), levels, max + 1)
  return levels
}

/** Whether levels are one run of a level: the rule for columns without nulls. */
export function isRunOf(bytes: Uint8Array, level: number, count: number): boolean {
  let header = 0
  for (let at = 0, shift = 0; at < bytes.byteLength && shift <= 28; at++, shift += 7) {
    const byte = bytes[at] as number
    header |= (byte & 0x7f) << shift
    if (byte < 0x80) return (header & 1) === 0 && header >>> 1 >= count && bytes[at + 1] === level
  }
  return false
}

/** How many values of a page are neither null nor empty lists. */
export function presentCount(levels: Uint8Array | undefined, level: number, count: number): number {
  if (levels === undefined) return count
  let present = 0
  for (let i = 0; i < count; i++) if (levels[i] === level) present++
  return present
}

export function readDictionary(leaf: ReadLeaf, metaData: ThriftStruct, { header, body }: Page): StoredValues {
  const bytes = unpacked(metaData, body, Number(header.field_2))
  return plainValues(leaf, bytes, countedUpTo(structOf(header.field_7).field_1, bytes.byteLength))
}

/** Positions in a dictionary, as pages have them: the bits of each stand before them. */
export function readIndices(encoded: Uint8Array, count: number, dictionary: StoredValues | undefined): Int32Array {
  const indices = new Int32Array(count)
  if (count === 0) return indices
  if (dictionary === undefined) throw new Error('a dictionary is missing')
  readHybrid(encoded.subarray(1), encoded[0] ?? 0, indices, dictionary.at.length)
  return indices
}

export function isDictionaryEncoded(encoding: number): boolean {
  return encoding === ENCODING.rleDictionary || encoding === ENCODING.plainDictionary
}

/** The values that are there, of a page with any encoding that is read here; booleans a byte each. @throws Error where the page is damaged */
export function readValues(
  leaf: ReadLeaf,
  { encoding, encoded }: Pick<DataPage, 'encoding' | 'encoded'>,
  present: number,
  dictionary: StoredValues | undefined,
): StoredValues {
  if (encoding === ENCODING.plain) return plainValues(leaf, encoded, present)
  if (encoding === ENCODING.rle && leaf.physicalType === PHYSICAL.boolean) {
    const bytes = readBooleans(encoded, present)
    return { bytes, at: Int32Array.from(bytes.keys()) }
  }
  if (!isDictionaryEncoded(encoding))
    throw new Error(`a page has the encoding ${encoding}, which its column does not name`)
  const at = readIndices(encoded, present, dictionary)
  const places = dictionary?.at ?? at
  for (let i = 0; i < present; i++) at[i] = places[at[i] as number] as number
  return { bytes: dictionary?.bytes ?? encoded, at }
}

/** Booleans in the hybrid, a byte each. */
function readBooleans(encoded: Uint8Array, count: number): Uint8Array {
  const values = new Uint8Array(count)
  readHybrid(encoded.subarray(4, 4 + lengthAt(encoded, 0)), 1, values, 2)
  return values
}

function unpacked(metaData: ThriftStruct, body: Uint8Array, size: number, allocate?: Allocate): Uint8Array {
  if (metaData.field_4 === CODEC.uncompressed) return body
  if (size === 0) return NOTHING
  const most = Number(metaData.field_6)
  if (!(size >= 0 && size <= most)) throw new Error(`a page unpacks to ${size} bytes, its column to ${most}`)
  return unpackSnappy(body, size, allocate)
}

function structOf(value: unknown): ThriftStruct {
  if (typeof value !== 'object' || value === null) throw new Error('a page has no header of its kind')
  return value as ThriftStruct
}

export function countedUpTo(value: unknown, most: number): number {
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
