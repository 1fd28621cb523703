import {
  CONTAINER_SPAN,
  type Container,
  containerValues,
  containerWords,
  forEachStretch,
  MAX_ARRAY_VALUES,
} from './container.js'
import { NO_OFFSETS_BELOW, PORTABLE_MAGIC, ROARING_COOKIE, ROARING_COOKIE_WITH_RUNS } from './roaring-format.js'
import type { RowSet } from './row-set.js'

const BITMAP_BYTES = CONTAINER_SPAN / 8

/** A container in the form that takes the fewest bytes. */
interface Encoded {
  /** The low 16 bits of the container's key. */
  readonly key: number
  readonly cardinality: number
  readonly isRun: boolean
  readonly bytes: Uint8Array
}

/**
 * The bytes of a deletion vector: a RoaringBitmapArray in the portable format, with its magic number (PROTOCOL.md, "Deletion Vector Format"). Inline and
 * stored vectors have the same.
 */
export function encodeDeletionVector(rows: RowSet): Uint8Array {
  const buckets = new Map<number, Encoded[]>()
  for (const [index, container] of rows.containers.entries()) {
    const key = rows.keys[index] as number
    const bucket = Math.floor(key / CONTAINER_SPAN)
    const containers = buckets.get(bucket) ?? []
    buckets.set(bucket, containers)
    containers.push(encodeContainer(key % CONTAINER_SPAN, container))
  }
  const head = new DataView(new ArrayBuffer(12))
  head.setUint32(0, PORTABLE_MAGIC, true)
  head.setBigUint64(4, BigInt(buckets.size), true)
  const parts: Uint8Array[] = [new Uint8Array(head.buffer)]
  for (const [bucket, containers] of buckets) parts.push(uint32(bucket), ...bitmapParts(containers))
  return concat(parts)
}

function bitmapParts(containers: readonly Encoded[]): Uint8Array[] {
  const withRuns = containers.some((container) => container.isRun)
  const flags = new Uint8Array(withRuns ? (containers.length + 7) >>> 3 : 0)
  const header = new DataView(new ArrayBuffer(containers.length * 4))
  for (const [i, container] of containers.entries()) {
    if (container.isRun) flags[i >>> 3] = (flags[i >>> 3] as number) | (1 << (i & 7))
    header.setUint16(i * 4, container.key, true)
    header.setUint16(i * 4 + 2, container.cardinality - 1, true)
  }
  const parts = withRuns
    ? [uint32(((containers.length - 1) << 16) | ROARING_COOKIE_WITH_RUNS), flags]
    : [uint32(ROARING_COOKIE), uint32(containers.length)]
  parts.push(new Uint8Array(header.buffer))
  if (!withRuns || containers.length >= NO_OFFSETS_BELOW) {
    let offset = byteLength(parts) + containers.length * 4
    for (const container of containers) {
      parts.push(uint32(offset))
      offset += container.bytes.byteLength
    }
  }
  return [...parts, ...containers.map((container) => container.bytes)]
}

function encodeContainer(key: number, container: Container): Encoded {
  const { cardinality } = container
  const runs = countRuns(container)
  const isArray = cardinality <= MAX_ARRAY_VALUES
  if (2 + runs * 4 < (isArray ? cardinality * 2 : BITMAP_BYTES)) {
    return { key, cardinality, isRun: true, bytes: bytesOf(runPairs(container, runs)) }
  }
  const bytes = bytesOf(isArray ? containerValues(container) : containerWords(container))
  return { key, cardinality, isRun: false, bytes }
}

function countRuns(container: Container): number {
  let runs = 0
  if (container.kind === 'array') {
    const { values } = container
    for (let i = 0; i < values.length; i++) if (i === 0 || values[i] !== (values[i - 1] as number) + 1) runs++
    return runs
  }
  forEachRun(container, () => {
    runs++
  })
  return runs
}

/** How many runs, and the first value and the length, less one, of each. */
function runPairs(container: Container, runs: number): Uint16Array {
  const pairs = new Uint16Array(1 + runs * 2)
  let at = 0
  pairs[at++] = runs
  forEachRun(container, (start, end) => {
    pairs[at++] = start
    pairs[at++] = end - start - 1
  })
  return pairs
}

/** Calls `visit` with each run, `end` excluded: stretches that meet are one. */
function forEachRun(container: Container, visit: (start: number, end: number) => void): void {
  let [from, to] = [-1, -1]
  forEachStretch(container, (start, end) => {
    if (start !== to) {
      if (from >= 0) visit(from, to)
      from = start
    }
    to = end
  })
  if (from >= 0) visit(from, to)
}

/** Little-endian, as this machine has them: Arrow's buffers, and so this library, know no other order. */
function bytesOf(values: Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function uint32(value: number): Uint8Array {
  return bytesOf(Uint32Array.of(value))
}

function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(byteLength(parts))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.byteLength
  }
  return bytes
}
