import { stringLowerBound, stringUpperBound } from '../../src/protocol/statistics/string-bound.js'
import { storedName } from '../../src/schema/column-mapping.js'
import type { DataType, StructField, StructType } from '../../src/schema/data-type.js'
import { formatDate } from '../../src/schema/date-text.js'
import { formatDecimal, formatFloating } from '../../src/schema/number-text.js'
import type { Scalar } from '../../src/schema/scalar.js'
import { scalarOrder } from '../../src/schema/scalar-order.js'
import { formatTimestamp } from '../../src/schema/timestamp-text.js'

/** The values of the leaves of a row, by path; null above makes all below null. */
export type Row = ReadonlyMap<string, Scalar | null>

/** How a writer of statistics goes about it. */
export interface Habits {
  /** Long texts: raised after the cut, only cut, or whole. */
  readonly strings: 'raised' | 'cut' | 'whole'
  /** NaN is left out, or said to be the greatest. */
  readonly nan: 'skipped' | 'greatest'
  /** Decimals are written in full or go through a double. */
  readonly decimals: 'exact' | 'double'
  /** Doubles were floats when the file was written, and are written as such. */
  readonly floats: boolean
  readonly spaces: boolean
  readonly nullCounts: boolean
  /** The first column has no statistics. */
  readonly skipsFirst: boolean
}

/** The `stats` of a file, by physical names: of all rows that the file ever had, whether they were deleted since or not. */
export function writeStatistics(schema: StructType, rows: readonly Row[], wide: boolean, habits: Habits): string {
  const fields = schema.fields.slice(habits.skipsFirst ? 1 : 0)
  const tree = (leaf: (path: string, type: DataType) => unknown): object => treeOf(fields, [], leaf)
  const stats = {
    numRecords: rows.length,
    minValues: tree((path, type) => bound(rows, path, type, habits, 'min')),
    maxValues: tree((path, type) => bound(rows, path, type, habits, 'max')),
    ...(habits.nullCounts && {
      nullCount: tree((path) => rows.filter((row) => row.get(path) === null).length),
    }),
    ...(wide && { tightBounds: false }),
  }
  const text = JSON.stringify(stats, undefined, habits.spaces ? 1 : undefined)
  // Numbers that JavaScript cannot write stand in marked texts.
  return text.replaceAll(/"#([^"]+)#"/g, '$1')
}

/** The key of a leaf in a {@link Row}. */
export function leafKey(path: readonly string[]): string {
  return path.join('\u0000')
}

function treeOf(
  fields: readonly StructField[],
  above: readonly string[],
  leaf: (path: string, type: DataType) => unknown,
): object {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const path = [...above, field.name]
      const { dataType } = field
      const value = dataType.type === 'struct' ? treeOf(dataType.fields, path, leaf) : leaf(leafKey(path), dataType)
      return value === undefined ? [] : [[storedName(field, 'name'), value]]
    }),
  )
}

function bound(rows: readonly Row[], path: string, type: DataType, habits: Habits, which: 'min' | 'max'): unknown {
  const floating = type.type === 'float' || type.type === 'double'
  const values = rows
    .map((row) => row.get(path) ?? null)
    .filter((value) => value !== null)
    .filter((value) => !(floating && habits.nan === 'skipped' && Number.isNaN(value)))
    .sort(scalarOrder(type))
  const value = which === 'min' ? values[0] : values.at(-1)
  return value === undefined ? undefined : written(value, type, habits, which)
}

function written(value: Scalar, type: DataType, habits: Habits, which: 'min' | 'max'): unknown {
  switch (type.type) {
    case 'boolean':
      return value
    case 'string':
      if (habits.strings === 'whole') return value
      if (which === 'min') return stringLowerBound(value as string)
      return habits.strings === 'raised' ? stringUpperBound(value as string) : stringLowerBound(value as string)
    case 'float':
    case 'double':
      if (!Number.isFinite(value)) return String(value)
      return `#${formatFloating(value as number, habits.floats ? 'float' : type.type)}#`
    case 'decimal': {
      const text = formatDecimal(value as bigint, type.scale)
      return `#${habits.decimals === 'double' ? String(Number(text)) : text}#`
    }
    case 'date':
      return formatDate(value as number)
    case 'timestamp':
      return `${formatTimestamp(value as bigint, { separator: 'T', digits: 3 })}Z`
    case 'timestamp_ntz':
      return formatTimestamp(value as bigint, { separator: 'T', digits: 3 })
    case 'binary':
      return undefined
    default:
      return `#${String(value)}#`
  }
}
