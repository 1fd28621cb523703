import type { DataType } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'
import type { ParquetLeaf } from './parquet-leaf.js'
import { PHYSICAL } from './parquet-schema.js'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const MICROS_PER_DAY = 86_400_000_000n

/**
 * A bound from a footer as a scalar of a Delta type, the column's type now: integers, floats and decimals may have been stored narrower before
 * they were widened. Undefined where the bound cannot be trusted, or has no scalar (binary, INT96).
 * @param side `min` is rounded down, `max` up, where the type is coarser than what is stored.
 */
export function statisticScalar(
  leaf: ParquetLeaf,
  bytes: Uint8Array,
  type: DataType,
  side: 'min' | 'max',
): Scalar | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { meaning } = leaf
  switch (meaning.kind) {
    case 'boolean':
      return type.type === 'boolean' && bytes.byteLength >= 1 ? bytes[0] === 1 : undefined
    case 'integer': {
      const value = integerOf(view, leaf, meaning.signed)
      return value === undefined ? undefined : fromInteger(value, type)
    }
    case 'float':
    case 'double':
      return type.type === 'float' || type.type === 'double' ? floatingOf(view, meaning.kind) : undefined
    case 'decimal':
      return decimalOf(bytes, view, leaf, meaning.scale, type)
    case 'date':
      return dateOf(view, type)
    case 'timestamp':
      return timestampOf(view, meaning.unit, type, side)
    case 'string':
      return type.type === 'string' ? textOf(bytes, side) : undefined
    default:
      return undefined
  }
}

function integerOf(view: DataView, leaf: ParquetLeaf, signed: boolean): bigint | undefined {
  if (leaf.physicalType === PHYSICAL.int32 && view.byteLength === 4) {
    return BigInt(signed ? view.getInt32(0, true) : view.getUint32(0, true))
  }
  if (leaf.physicalType === PHYSICAL.int64 && view.byteLength === 8) {
    return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true)
  }
  return undefined
}

function fromInteger(value: bigint, type: DataType): Scalar | undefined {
  switch (type.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'double':
      return Number(value)
    case 'long':
      return value
    case 'decimal':
      return value * 10n ** BigInt(type.scale)
    default:
      return undefined
  }
}

/** NaN is no bound: writers that let it in compared with it. */
function floatingOf(view: DataView, kind: 'float' | 'double'): number | undefined {
  if (view.byteLength !== (kind === 'float' ? 4 : 8)) return undefined
  const value = kind === 'float' ? view.getFloat32(0, true) : view.getFloat64(0, true)
  return Number.isNaN(value) ? undefined : value
}

function decimalOf(
  bytes: Uint8Array,
  view: DataView,
  leaf: ParquetLeaf,
  scale: number,
  type: DataType,
): bigint | undefined {
  if (type.type !== 'decimal' || type.scale < scale) return undefined
  const unscaled = integerOf(view, leaf, true) ?? bigEndian(bytes, leaf)
  return unscaled === undefined ? undefined : unscaled * 10n ** BigInt(type.scale - scale)
}

function bigEndian(bytes: Uint8Array, leaf: ParquetLeaf): bigint | undefined {
  const binary = leaf.physicalType === PHYSICAL.byteArray || leaf.physicalType === PHYSICAL.fixedLenByteArray
  if (!binary || bytes.byteLength === 0) return undefined
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.byteLength * 8, value)
}

function dateOf(view: DataView, type: DataType): Scalar | undefined {
  if (view.byteLength !== 4) return undefined
  const days = view.getInt32(0, true)
  if (type.type === 'date') return days
  return type.type === 'timestamp_ntz' ? BigInt(days) * MICROS_PER_DAY : undefined
}

function timestampOf(
  view: DataView,
  unit: 'millis' | 'micros' | 'nanos',
  type: DataType,
  side: 'min' | 'max',
): bigint | undefined {
  if (view.byteLength !== 8 || (type.type !== 'timestamp' && type.type !== 'timestamp_ntz')) return undefined
  const value = view.getBigInt64(0, true)
  if (unit !== 'nanos') return unit === 'micros' ? value : value * 1000n
  const rest = ((value % 1000n) + 1000n) % 1000n
  return (value - rest) / 1000n + (side === 'max' && rest > 0n ? 1n : 0n)
}

/** A bound that was cut inside a character is no text; a lower bound loses the broken character, an upper bound is lost. */
function textOf(bytes: Uint8Array, side: 'min' | 'max'): string | undefined {
  for (let cut = 0; cut <= (side === 'min' ? 3 : 0) && cut <= bytes.byteLength; cut++) {
    try {
      return decoder.decode(bytes.subarray(0, bytes.byteLength - cut))
    } catch {
      // One byte less may be whole characters again.
    }
  }
  return undefined
}
