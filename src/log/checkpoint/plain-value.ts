import { Type } from 'apache-arrow'
import { type Column, childAt } from '../../arrow/column.js'
import { decodeUtf8 } from '../../arrow/utf8.js'
import { hasBit, validityTest } from '../../arrow/validity.js'
import type { JsonValue } from '../../schema/data-type.js'

/**
 * One value of a checkpoint column as the JSON of the log has it: nulls in structs are left out, longs are numbers where a double holds them
 * exactly. Undefined for null.
 */
export function plainValue(column: Column, row: number): JsonValue | undefined {
  if (!validityTest(column)(row)) return undefined
  switch (column.typeId) {
    case Type.Utf8: {
      const offsets = column.valueOffsets as Int32Array
      return decodeUtf8(column.values as Uint8Array, offsets[row] as number, offsets[row + 1] as number)
    }
    case Type.Bool:
      return hasBit(column.values as Uint8Array, column.offset + row)
    case Type.Int:
    case Type.Float: {
      const value = (column.values as Int32Array | BigInt64Array)[row] as number | bigint
      return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
    }
    case Type.Struct:
      return plainStruct(column, row)
    case Type.List:
      return elements(column, row, (child, index) => plainValue(child, index) ?? null)
    case Type.Map:
      return Object.fromEntries(
        elements(column, row, (entries, index) => [
          String(plainValue(childAt(entries, 0), index)),
          plainValue(childAt(entries, 1), index) ?? null,
        ]),
      )
    default:
      return undefined
  }
}

function plainStruct(column: Column, row: number): JsonValue {
  const value: { [name: string]: JsonValue } = {}
  column.type.children.forEach(({ name }, i) => {
    const member = plainValue(childAt(column, i), row)
    if (member !== undefined) value[name] = member
  })
  return value
}

function elements<T>(column: Column, row: number, read: (child: Column, index: number) => T): T[] {
  const offsets = column.valueOffsets as Int32Array
  const [start, end] = [offsets[row] as number, offsets[row + 1] as number]
  return Array.from({ length: end - start }, (_, i) => read(childAt(column, 0), start + i))
}
