import type { Row, RowValue } from '../arrow/row.js'
import { DeltaError } from '../errors/delta-error.js'
import type { DataType, StructType } from '../schema/data-type.js'

/**
 * Makes the function that turns the longs of a row into numbers, at any depth. InvalidInput, naming the column, for a long that a number cannot hold exactly.
 */
export function longsAsNumbers(schema: StructType): (row: Row) => Row {
  const convert = converter(schema, [])
  return (row) => (convert === undefined ? row : (convert(row) as Row))
}

type Converter = (value: RowValue) => RowValue

/** Undefined where a type has no long in it. */
function converter(type: DataType, path: readonly string[]): Converter | undefined {
  switch (type.type) {
    case 'long':
      return (value) => (value === null ? null : exactNumber(value as bigint, path))
    case 'struct': {
      const converters = type.fields.flatMap(({ name, dataType }) => {
        const convert = converter(dataType, [...path, name])
        return convert === undefined ? [] : [[name, convert] as const]
      })
      if (converters.length === 0) return undefined
      return onValue((value) => {
        const struct = { ...(value as Row) }
        for (const [name, convert] of converters) struct[name] = convert(struct[name] as RowValue)
        return struct
      })
    }
    case 'array': {
      const convert = converter(type.elementType, path)
      return convert && onValue((value) => (value as readonly RowValue[]).map(convert))
    }
    case 'map': {
      const key = converter(type.keyType, path) ?? same
      const entry = converter(type.valueType, path) ?? same
      if (key === same && entry === same) return undefined
      return onValue((value) => new Map([...(value as Map<RowValue, RowValue>)].map(([k, v]) => [key(k), entry(v)])))
    }
    default:
      return undefined
  }
}

const same: Converter = (value) => value

function onValue(convert: Converter): Converter {
  return (value) => (value === null ? null : convert(value))
}

function exactNumber(value: bigint, path: readonly string[]): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new DeltaError(
    'InvalidInput',
    `Column ${path.join('.')} has the value ${value}, which a number cannot hold exactly. Read it as a bigint.`,
    { details: { column: path.join('.') } },
  )
}
