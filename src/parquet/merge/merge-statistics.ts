import type { ParquetLeaf } from '../parquet-leaf.js'
import { PHYSICAL } from '../parquet-schema.js'
import type { ThriftStruct } from '../thrift-type.js'

/**
 * Statistics of parquet.thrift for chunks of a column together. What one of them does not say is left out, the older `min` and `max` always.
 *
 * @param chunks ColumnMetaData of each
 */
export function mergeStatistics(leaf: ParquetLeaf, chunks: readonly ThriftStruct[]): ThriftStruct | undefined {
  const all = chunks.map((chunk) => ({
    statistics: (chunk.field_12 ?? {}) as ThriftStruct,
    count: Number(chunk.field_5),
  }))
  const nulls = all.map(({ statistics }) => statistics.field_3)
  // A chunk of nulls has no bounds, and changes none.
  const valued = all.filter(({ statistics, count }) => Number(statistics.field_3 ?? -1) !== count)
  const order = orderOf(leaf)
  const merged = {
    ...(nulls.every((count) => count !== undefined) && { field_3: nulls.reduce(sum, 0n) }),
    ...(order && boundOf(valued, ['field_5', 'field_7'], order)),
    ...(order && boundOf(valued, ['field_6', 'field_8'], { ...order, compare: (a, b) => order.compare(b, a) })),
  } as ThriftStruct
  return Object.keys(merged).length === 0 ? undefined : merged
}

function sum(total: unknown, count: unknown): bigint {
  return BigInt(total as bigint) + BigInt(count as bigint)
}

/** How the values of a leaf compare. */
interface Order {
  /** Whether bytes are a value that has a place. */
  readonly has: (bytes: Uint8Array) => boolean
  readonly compare: (a: Uint8Array, b: Uint8Array) => number
}

/** The greatest bound, and whether it is a value that is there. */
function boundOf(
  chunks: readonly { readonly statistics: ThriftStruct }[],
  [value, isExact]: readonly ['field_5', 'field_7'] | readonly ['field_6', 'field_8'],
  { has, compare }: Order,
): ThriftStruct {
  let best: ThriftStruct | undefined
  for (const { statistics } of chunks) {
    const bytes = statistics[value]
    if (!(bytes instanceof Uint8Array && has(bytes))) return {}
    if (best === undefined || compare(bytes, best[value] as Uint8Array) > 0) best = statistics
  }
  if (best === undefined) return {}
  return { [value]: best[value], ...(best[isExact] !== undefined && { [isExact]: best[isExact] }) }
}

/** The order of parquet-format (`ColumnOrder`). Undefined where it has none. */
function orderOf({ physicalType, meaning }: ParquetLeaf): Order | undefined {
  const isUnsigned = meaning.kind === 'integer' && !meaning.signed
  switch (physicalType) {
    case PHYSICAL.boolean:
      return { has: ({ byteLength }) => byteLength === 1, compare: bytewise }
    case PHYSICAL.int32:
      return numeric(4, (view) => (isUnsigned ? view.getUint32(0, true) : view.getInt32(0, true)))
    case PHYSICAL.int64:
      return numeric(8, (view) => (isUnsigned ? view.getBigUint64(0, true) : view.getBigInt64(0, true)))
    case PHYSICAL.float:
      return numeric(4, (view) => view.getFloat32(0, true))
    case PHYSICAL.double:
      return numeric(8, (view) => view.getFloat64(0, true))
    case PHYSICAL.byteArray:
      return meaning.kind === 'string' || meaning.kind === 'binary' ? { has: () => true, compare: bytewise } : undefined
    case PHYSICAL.fixedLenByteArray:
      return meaning.kind === 'decimal'
        ? { has: ({ byteLength }) => byteLength > 0, compare: bySignedBytes }
        : undefined
    default:
      return undefined
  }
}

function numeric(width: number, read: (view: DataView) => number | bigint): Order {
  const numberOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
    read(new DataView(buffer, byteOffset, byteLength))
  return {
    has: (bytes) => bytes.byteLength === width && !Number.isNaN(numberOf(bytes)),
    compare(a, b) {
      const [left, right] = [numberOf(a), numberOf(b)]
      return left < right ? -1 : left > right ? 1 : 0
    },
  }
}

function bytewise(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.byteLength, b.byteLength)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.byteLength - b.byteLength
}

/** Two's complement, the highest byte first, of one length. */
function bySignedBytes(a: Uint8Array, b: Uint8Array): number {
  const sign = ((a[0] as number) >> 7) - ((b[0] as number) >> 7)
  return sign === 0 ? bytewise(a, b) : -sign
}
