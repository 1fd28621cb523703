import { DataType as Arrow, type DataType as ArrowType, TimeUnit } from 'apache-arrow'
import { type Column, childAt } from '../../arrow/column.js'
import { unscaledReader } from '../../arrow/int128.js'
import { decodeUtf8 } from '../../arrow/utf8.js'
import { hasBit, validityTest } from '../../arrow/validity.js'
import { formatDate } from '../../schema/date-text.js'
import { formatDecimal, formatFloating } from '../../schema/number-text.js'
import { formatTimestamp } from '../../schema/timestamp-text.js'

/** The JSON text of a row; undefined where it has none. */
export type RowText = (row: number) => string | undefined

/**
 * Writes the rows of a column `stats_parsed` as the text that `stats` would have (PROTOCOL.md, "Per-file Statistics"). Fields that are null, or of a type
 * that JSON statistics do not have, are left out.
 */
export function statisticsText(column: Column): RowText {
  const write = valueText(column)
  const isValid = validityTest(column)
  return (row) => (isValid(row) ? write(row) : undefined)
}

function valueText(column: Column): RowText {
  const type = column.type as ArrowType
  if (Arrow.isStruct(type)) return structText(column)
  if (Arrow.isUtf8(type)) {
    const offsets = column.valueOffsets as Int32Array
    const bytes = column.values as Uint8Array
    return (row) => JSON.stringify(decodeUtf8(bytes, offsets[row] as number, offsets[row + 1] as number))
  }
  if (Arrow.isBool(type)) return (row) => String(hasBit(column.values as Uint8Array, column.offset + row))
  if (Arrow.isDecimal(type)) {
    const unscaled = unscaledReader(column)
    return (row) => formatDecimal(unscaled(row), type.scale)
  }
  const values = column.values as Int32Array | BigInt64Array
  if (Arrow.isInt(type)) return (row) => String(values[row])
  if (Arrow.isFloat(type)) {
    const name = values.BYTES_PER_ELEMENT === 4 ? 'float' : 'double'
    return (row) => (Number.isFinite(values[row]) ? formatFloating(values[row] as number, name) : undefined)
  }
  if (Arrow.isDate(type) && type.unit === 0) return (row) => JSON.stringify(formatDate(values[row] as number))
  if (Arrow.isTimestamp(type)) {
    const zone = type.timezone ? 'Z' : ''
    return (row) => {
      const micros = toMicros(values[row] as bigint, type.unit)
      return JSON.stringify(`${formatTimestamp(micros, { separator: 'T', digits: 3 })}${zone}`)
    }
  }
  return () => undefined
}

function structText(column: Column): RowText {
  const fields = column.type.children.map(({ name }, i) => ({
    key: `${JSON.stringify(name)}:`,
    text: statisticsText(childAt(column, i)),
  }))
  return (row) => {
    let members = ''
    for (const { key, text } of fields) {
      const value = text(row)
      if (value !== undefined) members += `${members === '' ? '' : ','}${key}${value}`
    }
    return `{${members}}`
  }
}

function toMicros(value: bigint, unit: TimeUnit): bigint {
  switch (unit) {
    case TimeUnit.SECOND:
      return value * 1_000_000n
    case TimeUnit.MILLISECOND:
      return value * 1000n
    case TimeUnit.NANOSECOND:
      return value / 1000n
    default:
      return value
  }
}
