import type { RecordBatch } from 'apache-arrow'
import { type DataType as ArrowType, DataType, type Field, type Schema } from 'apache-arrow'
import { type Column, makeColumn } from '../arrow/column.js'
import { batchOf } from '../arrow/relabel-batch.js'
import { DeltaError } from '../errors/delta-error.js'
import { type ColumnLayout, type DecodedBatches, NODE_FIELDS } from './kernel.js'

/** How the columns of a schema lie in memory, for the kernel, which does not know Arrow's types. */
export function columnLayouts(fields: readonly Field[]): ColumnLayout[] {
  return fields.map((field) => layoutOf(field.type as ArrowType, field.name))
}

function layoutOf(type: ArrowType, name: string): ColumnLayout {
  if (DataType.isNull(type)) return { kind: 'null' }
  if (DataType.isBool(type)) return { kind: 'bits' }
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return { kind: 'bytes' }
  if (DataType.isList(type) || DataType.isMap(type)) return { kind: 'list', children: columnLayouts(type.children) }
  if (DataType.isStruct(type)) return { kind: 'struct', children: columnLayouts(type.children) }
  const width = fixedWidth(type)
  if (width !== undefined) return { kind: 'fixed', width }
  throw new DeltaError(
    'UnsupportedType',
    `Column ${name} of a Parquet file has the type ${type}, which has no place in a Delta table.`,
  )
}

/** Bytes of a value, undefined for types whose values differ. */
export function fixedWidth(type: ArrowType): number | undefined {
  if (DataType.isInt(type) || DataType.isDecimal(type) || DataType.isTime(type)) return type.bitWidth / 8
  if (DataType.isFloat(type)) return 2 << type.precision
  if (DataType.isDate(type)) return type.unit === 0 ? 4 : 8
  if (DataType.isTimestamp(type)) return 8
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth
  return undefined
}

/** Makes Arrow batches of what the kernel copied out: views of its buffer. */
export function importBatches(schema: Schema, { buffer, batches }: DecodedBatches): RecordBatch[] {
  return batches.map(({ length, nodes }) => {
    const cursor: NodeCursor = { buffer, nodes, node: 0 }
    const columns = schema.fields.map((field) => importColumn(field.type as ArrowType, cursor))
    return batchOf(schema, columns, length)
  })
}

interface NodeCursor {
  readonly buffer: ArrayBuffer
  readonly nodes: readonly number[]
  node: number
}

function importColumn(type: ArrowType, cursor: NodeCursor): Column {
  const { buffer, nodes } = cursor
  const at = cursor.node++ * NODE_FIELDS
  const [length, nullCount, validityAt, valuesAt, offsetsAt, valueBytes] = nodes.slice(
    at,
    at + NODE_FIELDS,
  ) as NodeFields
  if (DataType.isNull(type)) return makeColumn(type, { length, nullCount: length })
  const validity = validityAt < 0 ? undefined : new Uint8Array(buffer, validityAt, (length + 7) >> 3)
  const parts = { length, nullCount, validity }
  if (DataType.isStruct(type) || DataType.isList(type) || DataType.isMap(type)) {
    const children = (type.children as Field[]).map((child) => importColumn(child.type as ArrowType, cursor))
    const offsets = DataType.isStruct(type) ? undefined : offsetsOf(buffer, offsetsAt, length)
    return makeColumn(type, { ...parts, offsets, children })
  }
  if (DataType.isBool(type)) {
    return makeColumn(type, { ...parts, values: new Uint8Array(buffer, valuesAt, (length + 7) >> 3) })
  }
  const bytes = new Uint8Array(buffer, Math.max(valuesAt, 0), valueBytes)
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    return makeColumn(type, { ...parts, values: bytes, offsets: offsetsOf(buffer, offsetsAt, length) })
  }
  return makeColumn(type, { ...parts, values: typedView(type, bytes) })
}

type NodeFields = [
  length: number,
  nullCount: number,
  validityAt: number,
  valuesAt: number,
  offsetsAt: number,
  valueBytes: number,
]

function offsetsOf(buffer: ArrayBuffer, at: number, length: number): Int32Array {
  return at < 0 ? new Int32Array(1) : new Int32Array(buffer, at, length + 1)
}

/** The array that apache-arrow holds the values of a type in. */
export function typedView(type: ArrowType, bytes: Uint8Array<ArrayBuffer>): ArrayBufferView {
  const View = type.ArrayType as unknown as {
    new (buffer: ArrayBuffer, offset: number, length: number): ArrayBufferView
    readonly BYTES_PER_ELEMENT: number
  }
  return new View(bytes.buffer, bytes.byteOffset, bytes.byteLength / View.BYTES_PER_ELEMENT)
}
