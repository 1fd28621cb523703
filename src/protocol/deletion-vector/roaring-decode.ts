import type { ByteReader } from './byte-reader.js'
import { CONTAINER_SPAN, type Container, containerOfWords, MAX_ARRAY_VALUES } from './container.js'
import {
  NO_OFFSETS_BELOW,
  PORTABLE_MAGIC,
  ROARING_COOKIE,
  ROARING_COOKIE_WITH_RUNS,
  SPARK_MAGIC,
} from './roaring-format.js'
import { RowSet } from './row-set.js'

const MAX_BUCKET = 2 ** 21

/** Keys and containers of a set under construction. */
interface Parts {
  readonly keys: number[]
  readonly containers: Container[]
}

/**
 * Reads a RoaringBitmapArray (PROTOCOL.md, "Deletion Vector Format"), and the older form that Spark writes under a magic number of its own.
 * CorruptData where the bytes break the format; memory stays in proportion to the bytes.
 */
export function decodeRowSet(reader: ByteReader): RowSet {
  const parts: Parts = { keys: [], containers: [] }
  const magic = reader.uint32()
  if (magic === PORTABLE_MAGIC) readPortable(reader, parts)
  else if (magic === SPARK_MAGIC) readSpark(reader, parts)
  else reader.fail(`its magic number is ${magic}, not ${PORTABLE_MAGIC}`)
  return new RowSet(parts.keys, parts.containers)
}

function readPortable(reader: ByteReader, parts: Parts): void {
  const buckets = reader.uint64()
  let last = -1
  for (let i = 0; i < buckets; i++) {
    const bucket = reader.uint32()
    if (bucket <= last || bucket >= MAX_BUCKET) reader.fail('its buckets are out of order')
    last = bucket
    readBitmap(reader, bucket, parts)
  }
}

function readSpark(reader: ByteReader, parts: Parts): void {
  const buckets = reader.uint32()
  for (let bucket = 0; bucket < buckets; bucket++) {
    if (bucket >= MAX_BUCKET) reader.fail('it has too many buckets')
    const expected = reader.remaining - 4 - reader.uint32()
    readBitmap(reader, bucket, parts)
    if (reader.remaining !== expected) reader.fail('the size of a bucket is wrong')
  }
}

/** One 32-bit RoaringBitmap of the standard format. */
function readBitmap(reader: ByteReader, bucket: number, parts: Parts): void {
  const cookie = reader.uint32()
  const withRuns = (cookie & 0xffff) === ROARING_COOKIE_WITH_RUNS
  if (!withRuns && cookie !== ROARING_COOKIE) reader.fail(`a bitmap in it begins with ${cookie}`)
  const count = withRuns ? (cookie >>> 16) + 1 : reader.uint32()
  if (count > CONTAINER_SPAN) reader.fail('a bitmap in it has too many containers')
  const runFlags = withRuns ? reader.take((count + 7) >>> 3) : undefined
  const header = reader.uint16s(count * 2)
  if (!withRuns || count >= NO_OFFSETS_BELOW) reader.take(count * 4)
  let last = -1
  for (let i = 0; i < count; i++) {
    const key = header[i * 2] as number
    const cardinality = (header[i * 2 + 1] as number) + 1
    if (key <= last) reader.fail('its containers are out of order')
    last = key
    const isRun = runFlags !== undefined && (((runFlags[i >>> 3] as number) >>> (i & 7)) & 1) === 1
    parts.keys.push(bucket * CONTAINER_SPAN + key)
    parts.containers.push(isRun ? readRuns(reader, cardinality) : readValues(reader, cardinality))
  }
}

function readValues(reader: ByteReader, cardinality: number): Container {
  if (cardinality <= MAX_ARRAY_VALUES) {
    const values = reader.uint16s(cardinality)
    for (let i = 1; i < cardinality; i++) {
      if ((values[i] as number) <= (values[i - 1] as number)) reader.fail('its values are out of order')
    }
    return { kind: 'array', cardinality, values }
  }
  const words = reader.uint32s(CONTAINER_SPAN / 32)
  const container = containerOfWords(words)
  if (container === undefined || container.cardinality !== cardinality) reader.fail('a bitmap in it has a wrong count')
  return container
}

function readRuns(reader: ByteReader, cardinality: number): Container {
  const runs = reader.uint16s(reader.uint16() * 2)
  let next = 0
  let counted = 0
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i] as number
    const following = runs[i + 1] as number
    if (start < next || start + following >= CONTAINER_SPAN) reader.fail('its runs are out of order')
    next = start + following + 1
    counted += following + 1
  }
  if (counted !== cardinality) reader.fail('its runs have a wrong count')
  return { kind: 'run', cardinality, runs }
}
