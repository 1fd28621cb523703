import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import {
  type DataType,
  DateDay,
  Decimal,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  TimestampMicrosecond,
} from 'apache-arrow'
import type { FixedWidthLayout, NumberArray } from './fixed-width-sink.js'

type Layout = FixedWidthLayout<NumberArray, NumberArray>
type Numbers = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array | Uint8Array | Uint16Array
type BigIntegers = BigInt64Array | BigUint64Array

/**
 * The layout of a DuckDB type whose values have one size, undefined for the others. Results speak Delta's types: an unsigned
 * integer becomes the next wider signed one, `UBIGINT` and `HUGEINT` become decimals.
 */
export function fixedWidthLayout(type: DuckDBType): Layout | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.TINYINT:
      return numbers(new Int8(), Int8Array, Int8Array)
    case DuckDBTypeId.SMALLINT:
      return numbers(new Int16(), Int16Array, Int16Array)
    case DuckDBTypeId.INTEGER:
      return numbers(new Int32(), Int32Array, Int32Array)
    case DuckDBTypeId.UTINYINT:
      return numbers(new Int16(), Uint8Array, Int16Array)
    case DuckDBTypeId.USMALLINT:
      return numbers(new Int32(), Uint16Array, Int32Array)
    case DuckDBTypeId.FLOAT:
      return numbers(new Float32(), Float32Array, Float32Array)
    case DuckDBTypeId.DOUBLE:
      return numbers(new Float64(), Float64Array, Float64Array)
    case DuckDBTypeId.DATE:
      return numbers(new DateDay(), Int32Array, Int32Array)
    case DuckDBTypeId.UINTEGER:
      return layout(new Int64(), Uint32Array, BigInt64Array, (source, start, count, target, at) => {
        for (let i = 0; i < count; i++) target[at + i] = BigInt(source[start + i] as number)
      })
    case DuckDBTypeId.BIGINT:
      return micros(new Int64(), 1n)
    case DuckDBTypeId.TIMESTAMP:
      return micros(new TimestampMicrosecond(), 1n)
    case DuckDBTypeId.TIMESTAMP_TZ:
      return micros(new TimestampMicrosecond('UTC'), 1n)
    case DuckDBTypeId.TIMESTAMP_MS:
      return micros(new TimestampMicrosecond(), 1_000n)
    case DuckDBTypeId.TIMESTAMP_S:
      return micros(new TimestampMicrosecond(), 1_000_000n)
    case DuckDBTypeId.UBIGINT:
      return { ...widened(new Decimal(0, 20, 128), BigUint64Array), targetWords: 4 }
    case DuckDBTypeId.HUGEINT:
      return words128(new Decimal(0, 38, 128))
    case DuckDBTypeId.DECIMAL:
      return decimal(type as DuckDBDecimalType)
    default:
      return undefined
  }
}

/** DuckDB stores a decimal in the smallest integer that holds its digits, Arrow always in 128 bits. */
function decimal({ width, scale }: DuckDBDecimalType): Layout {
  const type = new Decimal(scale, width, 128)
  if (width > 18) return words128(type)
  if (width > 9) return { ...widened(type, BigInt64Array), targetWords: 4 }
  const source = (width > 4 ? Int32Array : Int16Array) as typeof Int32Array
  return {
    ...layout(type, source, Int32Array, (from, start, count, target, at) => {
      for (let i = 0; i < count; i++) {
        const value = from[start + i] as number
        target[(at + i) * 4] = value
        target.fill(value < 0 ? -1 : 0, (at + i) * 4 + 1, (at + i) * 4 + 4)
      }
    }),
    targetWords: 4,
  }
}

/** 64-bit integers into 128-bit ones, held as four 32-bit words. */
function widened(type: DataType, source: new (length: number) => BigIntegers): Layout {
  return layout(type, source as new (length: number) => BigInt64Array, Int32Array, (from, start, count, target, at) => {
    const halves = new Int32Array(from.buffer, from.byteOffset, from.length * 2)
    const signed = from instanceof BigInt64Array
    for (let i = 0; i < count; i++) {
      const high = halves[(start + i) * 2 + 1] as number
      target[(at + i) * 4] = halves[(start + i) * 2] as number
      target[(at + i) * 4 + 1] = high
      target.fill(signed && high < 0 ? -1 : 0, (at + i) * 4 + 2, (at + i) * 4 + 4)
    }
  })
}

function words128(type: DataType): Layout {
  return {
    ...layout(type, Int32Array, Int32Array, (source, start, count, target, at) =>
      target.set(source.subarray(start * 4, (start + count) * 4), at * 4),
    ),
    sourceWords: 4,
    targetWords: 4,
  }
}

function numbers(
  type: DataType,
  source: new (length: number) => Numbers,
  target: new (length: number) => Numbers,
): Layout {
  return layout(type, source as new (length: number) => Int8Array, target, (from, start, count, to, at) =>
    to.set(from.subarray(start, start + count), at),
  )
}

function micros(type: DataType, factor: bigint): Layout {
  return layout(type, BigInt64Array, BigInt64Array, (source, start, count, target, at) => {
    if (factor === 1n) target.set(source.subarray(start, start + count), at)
    else for (let i = 0; i < count; i++) target[at + i] = (source[start + i] as bigint) * factor
  })
}

function layout<S extends NumberArray, T extends NumberArray>(
  type: DataType,
  source: new (length: number) => S,
  target: new (length: number) => T,
  copy: FixedWidthLayout<S, T>['copy'],
): Layout {
  return { type, source, target, copy } as unknown as Layout
}
