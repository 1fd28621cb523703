import { DeltaError } from '../errors/delta-error.js'
import { errorText } from '../errors/error-text.js'
import type { ByteSource } from './byte-source.js'
import type { ThriftStruct, ThriftValue } from './thrift-type.js'

/** What is fetched at first: most footers are smaller, and one request is enough then. */
const TAIL_BYTES = 64 * 1024
/** The length of the metadata and the magic word. */
const TRAILER_BYTES = 8
const MAGIC = 0x31524150
const ENCRYPTED_MAGIC = 0x45524150

const text = new TextDecoder()

/** The footer of a Parquet file as it stands: the structs of parquet.thrift, by field ids. */
export interface Footer {
  readonly fileMetaData: ThriftStruct
  /** The elements of the schema, depth first; the first is the root. */
  readonly elements: readonly ThriftStruct[]
  readonly rowGroups: readonly ThriftStruct[]
}

/** The schema of a Parquet file as its footer has it. */
export interface FooterSchema {
  /** Depth first; the first is the root. */
  readonly elements: readonly ThriftStruct[]
  /** What they were read from: files with the same bytes have the same schema. */
  readonly bytes: Uint8Array
  readonly numRows: number
}

/** Reads the footer in one range request, two for big ones. CorruptData where it does not parse; UnsupportedFeature for encrypted files. */
export async function readFooter(source: ByteSource, signal?: AbortSignal): Promise<Footer> {
  return parseFooter(await readMetaData(source, signal), source.name)
}

/** The schema alone, which takes a small part of the time. Errors as {@link readFooter}, as far as it is read. */
export async function readSchema(source: ByteSource, signal?: AbortSignal): Promise<FooterSchema> {
  return parseSchema(await readMetaData(source, signal), source.name)
}

async function readMetaData(source: ByteSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { size, name } = source
  if (size < TRAILER_BYTES + 4) throw corrupt(name, `it has ${size} bytes`)
  const tailStart = Math.max(0, size - TAIL_BYTES)
  const tail = await source.read(tailStart, size, signal)
  const length = metaDataLength(tail, name)
  const start = size - TRAILER_BYTES - length
  if (start < 4) throw corrupt(name, `its footer claims ${length} bytes of ${size}`)
  if (start >= tailStart) return tail.subarray(start - tailStart, tail.byteLength - TRAILER_BYTES)
  const head = await source.read(start, tailStart, signal)
  const whole = new Uint8Array(length)
  whole.set(head)
  whole.set(tail.subarray(0, tail.byteLength - TRAILER_BYTES), head.byteLength)
  return whole
}

/** The footer of a file that is in memory. */
export async function footerOf(file: Uint8Array, name: string): Promise<Footer> {
  const length = metaDataLength(file, name)
  const end = file.byteLength - TRAILER_BYTES
  if (length > end - 4) throw corrupt(name, `its footer claims ${length} bytes of ${file.byteLength}`)
  // A copy: what is kept of a footer must not keep the file.
  return parseFooter(file.slice(end - length, end), name)
}

function metaDataLength(tail: Uint8Array, name: string): number {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  const magic = view.getUint32(tail.byteLength - 4, true)
  if (magic === ENCRYPTED_MAGIC) {
    throw new DeltaError('UnsupportedFeature', `The Parquet file ${name} is encrypted, which this version cannot read.`)
  }
  if (magic !== MAGIC) throw corrupt(name, 'it does not end with PAR1: it is cut off, or no Parquet file')
  return view.getUint32(tail.byteLength - TRAILER_BYTES, true)
}

async function parseFooter(bytes: Uint8Array, name: string): Promise<Footer> {
  const { deserializeTCompactProtocol } = await import('hyparquet/src/thrift.js')
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const fileMetaData = deserializeTCompactProtocol({ view, offset: 0 }) as ThriftStruct
    const elements = structs(fileMetaData.field_2)
    if (elements.length === 0) throw new Error('it has no schema')
    return { fileMetaData, elements, rowGroups: structs(fileMetaData.field_4) }
  } catch (cause) {
    throw corrupt(name, `its footer does not parse (${errorText(cause)})`, cause)
  }
}

/** The headers of the version, an i32, of the list behind it, and of the number of rows, an i64, in Thrift's compact protocol. */
const VERSION_HEADER = 0x15
const LIST_HEADER = 0x19
const NUM_ROWS_HEADER = 0x16
const STRUCT = 12

async function parseSchema(bytes: Uint8Array, name: string): Promise<FooterSchema> {
  const thrift = await import('hyparquet/src/thrift.js')
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const byte = (): number => reader.view.getUint8(reader.offset++)
  try {
    const hasVersion = byte() === VERSION_HEADER
    if (hasVersion) thrift.readZigZag(reader)
    const header = hasVersion && byte() === LIST_HEADER ? byte() : 0
    if ((header & 0xf) === STRUCT) {
      const count = header >>> 4 === 0xf ? thrift.readVarInt(reader) : header >>> 4
      const start = reader.offset
      const elements: ThriftStruct[] = []
      for (let i = 0; i < count; i++) elements.push(thrift.deserializeTCompactProtocol(reader) as ThriftStruct)
      const end = reader.offset
      if (elements.length > 0 && byte() === NUM_ROWS_HEADER) {
        const numRows = Number(thrift.readZigZagBigInt(reader))
        if (numRows < 0) throw new Error('it has less than no rows')
        return { elements, bytes: bytes.subarray(start, end), numRows }
      }
    }
  } catch (cause) {
    throw corrupt(name, `its footer does not parse (${errorText(cause)})`, cause)
  }
  // Its fields stand in another order, which no writer that is known makes of them.
  const { elements, fileMetaData } = await parseFooter(bytes, name)
  return { elements, bytes, numRows: Number(fileMetaData.field_3 ?? 0) }
}

function structs(value: ThriftValue | undefined): readonly ThriftStruct[] {
  if (!Array.isArray(value)) throw new Error('a list is missing')
  for (const element of value as readonly ThriftValue[]) {
    if (typeof element !== 'object' || element instanceof Uint8Array) throw new Error('a list holds what is no struct')
  }
  return value as readonly ThriftStruct[]
}

/** The text of a binary field. */
export function thriftText(value: ThriftValue | undefined): string | undefined {
  return value instanceof Uint8Array ? text.decode(value) : undefined
}

/** The key-value metadata. Throws an `Error` where it is none. */
export function keyValues(footer: Footer): Map<string, string> {
  const pairs = (footer.fileMetaData.field_5 ?? []) as readonly ThriftStruct[]
  return new Map(pairs.map((pair) => [thriftText(pair.field_1) ?? '', thriftText(pair.field_2) ?? '']))
}

/** CorruptData for a Parquet file. */
export function corrupt(name: string, why: string, cause?: unknown): DeltaError {
  const message = `The Parquet file ${name} is damaged: ${why}. Restore the file, or an older version of the table.`
  return new DeltaError('CorruptData', message, { cause, details: { path: name } })
}
