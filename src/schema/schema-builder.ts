import { DeltaError } from '../errors/delta-error.js'
import { Column, type ColumnShape, type RowOf, StructColumn } from './column.js'
import type { JsonValue, PrimitiveName } from './data-type.js'

/**
 * A struct, or the schema of a table: `struct({ id: long().notNull(), tags: array(string()) })`. Columns stand in the order of the object (JavaScript
 * moves names that are whole numbers to the front).
 */
export function struct<const Shape extends ColumnShape>(columns: Shape): StructColumn<RowOf<Shape>> {
  const fields = Object.entries(columns).map(([name, column]) => column.toField(name))
  return new StructColumn({ type: 'struct', fields })
}

/** A list of any length; elements are nullable unless the element column is `notNull()`. */
export function array<Element>(element: Column<Element>): Column<Element[] | null> {
  const { dataType, nullable } = element.toField('element')
  return new Column({ type: 'array', elementType: dataType, containsNull: nullable })
}

/** Values by key. Keys are never null; values are nullable unless the value column is `notNull()`. */
export function map<Key, Value>(key: Column<Key>, value: Column<Value>): Column<Map<NonNullable<Key>, Value> | null> {
  const keyField = key.toField('key')
  const { dataType, nullable } = value.toField('value')
  return new Column({ type: 'map', keyType: keyField.dataType, valueType: dataType, valueContainsNull: nullable })
}

/** UTF-8 text. */
export function string(): Column<string | null> {
  return primitive('string')
}

/** A 64-bit integer, `bigint` in rows. */
export function long(): Column<bigint | null> {
  return primitive('long')
}

/** A 32-bit integer. */
export function integer(): Column<number | null> {
  return primitive('integer')
}

/** A 16-bit integer. */
export function short(): Column<number | null> {
  return primitive('short')
}

/** An 8-bit integer, -128 to 127. */
export function byte(): Column<number | null> {
  return primitive('byte')
}

/** A single-precision number: rows hold it rounded to 24 bits. */
export function float(): Column<number | null> {
  return primitive('float')
}

/** A double-precision number: JavaScript's own. */
export function double(): Column<number | null> {
  return primitive('double')
}

/**
 * An exact decimal of at most 38 digits, `string` in rows (`'12.50'`). InvalidSchema unless 1 <= precision <= 38 and 0 <= scale <= precision.
 * @param precision digits in all
 * @param scale digits after the point
 */
export function decimal(precision: number, scale: number): Column<string | null> {
  const fits =
    Number.isInteger(precision) &&
    precision >= 1 &&
    precision <= 38 &&
    Number.isInteger(scale) &&
    scale >= 0 &&
    scale <= precision
  if (!fits) {
    throw new DeltaError(
      'InvalidSchema',
      `decimal(${precision}, ${scale}): the precision is 1 to 38 and the scale 0 to the precision.`,
    )
  }
  return new Column({ type: 'decimal', precision, scale })
}

/** True or false. */
export function boolean(): Column<boolean | null> {
  return primitive('boolean')
}

/** Bytes. */
export function binary(): Column<Uint8Array | null> {
  return primitive('binary')
}

/** A calendar date, `'YYYY-MM-DD'` in rows. */
export function date(): Column<string | null> {
  return primitive('date')
}

/** An instant in microseconds; a `Date` in rows. */
export function timestamp(): Column<Date | null> {
  return primitive('timestamp')
}

/** A date and time of day without a zone, `'2026-01-01T09:30:00.000000'` in rows. The table needs the feature `timestampNtz`. */
export function timestampNtz(): Column<string | null> {
  return primitive('timestamp_ntz')
}

/** Any JSON. The table needs the feature `variantType`. */
export function variant(): Column<JsonValue> {
  return primitive('variant')
}

function primitive<Value>(type: PrimitiveName): Column<Value> {
  return new Column({ type })
}
