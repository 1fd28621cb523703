import { DeltaError } from '../../../errors/delta-error.js'
import { parsePartitionValue, serializePartitionValue } from '../../../protocol/partition-value.js'
import type { DataType } from '../../../schema/data-type.js'

/**
 * A partition value as a text that names a folder: it tells null from every value, and nothing of the value is lost. An empty string
 * is null (PROTOCOL.md, "Partition Value Serialization").
 * @param x SQL of the column's type
 */
export function partitionKeySql(x: string, type: DataType): string {
  return `coalesce('v' || ${keyText(x, type)}, 'n')`
}

/** The serialised partition value that a folder of {@link partitionKeySql} stands for. */
export function partitionValueOfKey(key: string, type: DataType): string | null {
  if (key === 'n') return null
  const text = key.slice(1)
  switch (type.type) {
    case 'timestamp':
    case 'timestamp_ntz':
      return serializePartitionValue(BigInt(text), type)
    case 'binary':
      return serializePartitionValue(Uint8Array.from(Buffer.from(text, 'hex')), type)
    case 'float':
    case 'double':
      return serializePartitionValue(floating(text), type)
    default:
      return serializePartitionValue(parsePartitionValue(text, type), type)
  }
}

function keyText(x: string, type: DataType): string {
  switch (type.type) {
    case 'string':
      return `nullif(${x}, '')`
    case 'timestamp':
    case 'timestamp_ntz':
      return `CAST(epoch_us(${x}) AS VARCHAR)`
    case 'binary':
      return `nullif(hex(${x}), '')`
    case 'array':
    case 'map':
    case 'struct':
    case 'variant':
    case 'void':
      throw new DeltaError(
        'UnsupportedType',
        `A column of type ${type.type} cannot partition a table. Partition by another column.`,
      )
    default:
      return `CAST(${x} AS VARCHAR)`
  }
}

function floating(text: string): number {
  if (/nan/i.test(text)) return Number.NaN
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(text)
}
