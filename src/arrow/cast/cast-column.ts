import { DataType as Arrow, type Vector } from 'apache-arrow'
import { assertNever } from '../../errors/assert-never.js'
import type { DataType } from '../../schema/data-type.js'
import { typeText } from '../../schema/type-text.js'
import { arrowType } from '../arrow-schema.js'
import type { Column } from '../column.js'
import { concatColumns } from '../concat.js'
import { nullColumn } from '../null-column.js'
import { runsOfIndices } from '../row-runs.js'
import { takeColumn } from '../take-rows.js'
import { validityTest } from '../validity.js'
import { castBytes } from './cast-bytes.js'
import { castDecimal } from './cast-decimal.js'
import { castArray, castMap, castStruct, castVariant } from './cast-nested.js'
import { castFloating, castInteger } from './cast-number.js'
import type { CastRules } from './cast-rules.js'
import { castDate, castTimestamp } from './cast-temporal.js'
import { rebuildColumn } from './rebuild-column.js'

/** Brings a column of any physical form into the one that `arrowSchema` says for a Delta type, without loss, or reports a misfit. */
export function castColumn(column: Column, to: DataType, path: readonly string[], rules: CastRules): Column {
  const { type } = column
  if (Arrow.isNull(type)) return nullColumn(arrowType(to), column.length)
  if (Arrow.isDictionary(type)) return castDictionary(column, to, path, rules)
  return castTo(column, to, path, rules) ?? rules.misfit(path, typeText(to), `the Arrow type ${type}`)
}

/** The values are cast, then put in the places of their codes. */
function castDictionary(column: Column, to: DataType, path: readonly string[], rules: CastRules): Column {
  const chunks = (column.dictionary as Vector).data as Column[]
  const values = concatColumns(
    arrowType(to),
    chunks.map((chunk) => castColumn(chunk, to, path, rules)),
  )
  const codes = column.values as ArrayLike<number | bigint>
  const valid = validityTest(column)
  return takeColumn(
    values,
    runsOfIndices(Int32Array.from({ length: column.length }, (_, row) => (valid(row) ? Number(codes[row]) : -1))),
  )
}

function castTo(column: Column, to: DataType, path: readonly string[], rules: CastRules): Column | undefined {
  switch (to.type) {
    case 'boolean':
      return Arrow.isBool(column.type) ? rebuildColumn(column, arrowType(to)) : undefined
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return castInteger(column, to.type, path, rules)
    case 'float':
    case 'double':
      return castFloating(column, to.type, path, rules)
    case 'decimal':
      return castDecimal(column, to, path, rules)
    case 'string':
    case 'binary':
      return castBytes(column, to.type, path, rules)
    case 'date':
      return castDate(column, path, rules)
    case 'timestamp':
    case 'timestamp_ntz':
      return castTimestamp(column, to.type, path, rules)
    case 'void':
      return column.nullCount === column.length ? nullColumn(arrowType(to), column.length) : undefined
    case 'struct':
      return castStruct(column, to, path, rules, castColumn)
    case 'array':
      return castArray(column, to, path, rules, castColumn)
    case 'map':
      return castMap(column, to, path, rules, castColumn)
    case 'variant':
      return castVariant(column, path, rules, castColumn)
    default:
      return assertNever(to, 'type')
  }
}
