import { CONTAINER_SPAN, type Container, containerWords, forEachStretch, MAX_ARRAY_VALUES } from './container.js'
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
  const runs: number[] = []
  forEachStretch(container, (start, end) => {
    const previous = runs.length - 2
    if (runs.length > 0 && (runs[previous] as number) + (runs[previous + 1] as number) + 1 === start) {
      runs[previous + 1] = (runs[previous + 1] as number) + end - start
    } else runs.push(start, end - start - 1)
  })
  const { cardinality } = container
  const plainBytes = cardinality <= MAX_ARRAY_VALUES ? cardinality * 2 : BITMAP_BYTES
  if (2 + runs.length * 2 < plainBytes)
    return { key, cardinality, isRun: true, bytes: uint16s([runs.length / 2, ...runs]) }
  const bytes = cardinality <= MAX_ARRAY_VALUES ? uint16s(expand(runs)) : uint32s(containerWords(container))
  return { key, cardinality, isRun: false, bytes }
}

function expand(runs: readonly number[]): number[] {
  const values: number[] = []
  for (let i = 0; i < runs.length; i += 2) {
    const start = runs[i] as number
    for (let value = start; value <= start + (runs[i + 1] as number); value++) values.push(value)
  }
  return values
}

function uint16s(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2))
  values.forEach((value, i) => {
    view.setUint16(i * 2, value, true)
  })
  return new Uint8Array(view.buffer)
}

function uint32s(values: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  values.forEach((value, i) => {
    view.setUint32(i * 4, value, true)
  })
  return new Uint8Array(view.buffer)
}

function uint32(value: number): Uint8Array {
  return uint32s(Uint32Array.of(value))
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
