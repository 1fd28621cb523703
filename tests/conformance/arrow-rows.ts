import { type Data, DataType, Precision, type RecordBatch, TimeUnit, type Vector } from 'apache-arrow'
import type { PlainRows, PlainValue } from './plain-value.js'

/** The rows of a stream of batches, read from Arrow's buffers rather than through its getters: those lose microseconds. */
export async function arrowRows(
  batches: AsyncIterable<RecordBatch>,
  columns: readonly string[] | undefined,
): Promise<PlainRows> {
  const rows: PlainValue[][] = []
  let names = columns
  for await (const batch of batches) {
    const found = batch.schema.fields.map((field) => field.name)
    names ??= found
    if (names.join('\n') !== found.join('\n')) throw new TypeError(`batches of columns ${names} and of ${found}`)
    for (let i = 0; i < batch.numRows; i++) rows.push(batch.data.children.map((data) => cell(data, i)))
  }
  return { columns: names ?? [], rows }
}

function cell(data: Data, i: number): PlainValue {
  const { type } = data
  if (!data.getValid(i) || DataType.isNull(type)) return null
  if (DataType.isDictionary(type)) return cellOfVector(data.dictionary as Vector, Number(data.values[i]))
  if (DataType.isBool(type)) {
    const bit = data.offset + i
    return ((data.values[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  }
  if (DataType.isInt(type)) return data.values[i] as number | bigint
  if (DataType.isFloat(type)) {
    if (type.precision === Precision.HALF) throw new TypeError('Delta has no half floats')
    return data.values[i] as number
  }
  if (DataType.isDecimal(type))
    return { unscaled: integerOfWords(data.values.subarray(i * data.stride, (i + 1) * data.stride)), scale: type.scale }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return new TextDecoder().decode(bytesOf(data, i))
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return bytesOf(data, i)
  if (DataType.isDate(type)) return type.unit === 0 ? (data.values[i] as number) : Number(data.values[i]) / 86_400_000
  if (DataType.isTimestamp(type)) return micros(BigInt(data.values[i]), type.unit)
  if (DataType.isStruct(type)) {
    return { fields: new Map(type.children.map((field, k) => [field.name, cell(data.children[k] as Data, i)])) }
  }
  if (DataType.isList(type)) return elements(data, i).map((k) => cell(data.children[0] as Data, k))
  if (DataType.isMap(type)) {
    const [keys, values] = (data.children[0] as Data).children as [Data, Data]
    return { entries: elements(data, i).map((k) => [cell(keys, k), cell(values, k)] as const) }
  }
  throw new TypeError(`an Arrow column of no Delta type: ${type}`)
}

function cellOfVector(vector: Vector, i: number): PlainValue {
  let start = 0
  for (const data of vector.data) {
    if (i < start + data.length) return cell(data, i - start)
    start += data.length
  }
  throw new RangeError(`no entry ${i} in a dictionary of ${vector.length}`)
}

function elements(data: Data, i: number): number[] {
  const start = Number(data.valueOffsets[i])
  return Array.from({ length: Number(data.valueOffsets[i + 1]) - start }, (_, k) => start + k)
}

function bytesOf(data: Data, i: number): Uint8Array {
  return (data.values as Uint8Array).subarray(Number(data.valueOffsets[i]), Number(data.valueOffsets[i + 1]))
}

function integerOfWords(words: Uint32Array): bigint {
  const unsigned = words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n)
  return BigInt.asIntN(words.length * 32, unsigned)
}

function micros(value: bigint, unit: TimeUnit): bigint {
  switch (unit) {
    case TimeUnit.SECOND:
      return value * 1_000_000n
    case TimeUnit.MILLISECOND:
      return value * 1000n
    case TimeUnit.MICROSECOND:
      return value
    case TimeUnit.NANOSECOND:
      return value / 1000n
  }
}
