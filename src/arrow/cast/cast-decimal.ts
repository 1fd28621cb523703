import { DataType } from 'apache-arrow'
import type { DecimalType } from '../../schema/data-type.js'
import { formatDecimal } from '../../schema/number-text.js'
import { arrowType } from '../arrow-schema.js'
import type { Column } from '../column.js'
import { unscaledReader, writeInt128 } from '../int128.js'
import { validityTest } from '../validity.js'
import type { CastRules } from './cast-rules.js'
import { rebuildColumn } from './rebuild-column.js'

/** Decimals of any width, precision and scale, and integers; no digit may be lost. Undefined for other types. */
export function castDecimal(
  column: Column,
  to: DecimalType,
  path: readonly string[],
  rules: CastRules,
): Column | undefined {
  const { type } = column
  const source = sourceOf(column)
  if (source === undefined) return undefined
  const target = arrowType(to)
  const { read, scale, precision } = source
  if (DataType.isDecimal(type) && type.bitWidth === 128 && scale === to.scale && precision <= to.precision) {
    return rebuildColumn(column, target)
  }
  const factor = 10n ** BigInt(Math.abs(to.scale - scale))
  const limit = 10n ** BigInt(to.precision)
  const words = new BigUint64Array(column.length * 2)
  const valid = validityTest(column)
  for (let i = 0; i < column.length; i++) {
    if (!valid(i)) continue
    const unscaled = read(i)
    const value = to.scale >= scale ? unscaled * factor : unscaled / factor
    if (value <= -limit || value >= limit || (to.scale < scale && value * factor !== unscaled)) {
      rules.misfit(path, `a decimal(${to.precision},${to.scale})`, formatDecimal(unscaled, Math.max(scale, 0)), i)
    }
    writeInt128(words, i, value)
  }
  return rebuildColumn(column, target, { values: new Uint32Array(words.buffer) })
}

function sourceOf(
  column: Column,
): { readonly read: (row: number) => bigint; readonly scale: number; readonly precision: number } | undefined {
  const { type } = column
  if (DataType.isDecimal(type)) return { read: unscaledReader(column), scale: type.scale, precision: type.precision }
  if (!DataType.isInt(type)) return undefined
  const values = column.values as ArrayLike<number | bigint>
  return { read: (row) => BigInt(values[row] as number), scale: 0, precision: 20 }
}
