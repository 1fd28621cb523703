import { typeSql } from '../../type-sql.js'
import { arithmetic } from '../arithmetic.js'
import { coerce } from '../coerce.js'
import { isFloating, isIntegral, isNumeric, widerIntegral } from '../numbers.js'
import { describeType, refused, type TypedSql, typed } from '../typed-sql.js'
import { binary, type SparkFunction, type SparkFunctions, unary } from './spark-function.js'

/** Functions of numbers, and the greatest and least of values. */
export const NUMBER_FUNCTIONS: SparkFunctions = {
  abs: unary((x) => {
    if (!isNumeric(x.type)) throw refused(`abs of ${describeType(x)} is taken`)
    return { sql: `CAST(abs(${x.sql}) AS ${typeSql(x.type)})`, type: x.type }
  }),
  ceil: rounded('ceil'),
  ceiling: rounded('ceil'),
  floor: rounded('floor'),
  sqrt: unary((x) => {
    if (x.type.type !== 'double') throw refused(`sqrt of ${describeType(x)} is taken`)
    return typed(`CASE WHEN ${x.sql} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${x.sql}) END`, 'double')
  }),
  mod: binary((a, b) => arithmetic('%', [a, b])),
  pmod: binary(positiveRemainder),
  isnan: unary((x) => {
    if (!isFloating(x.type)) throw refused(`isnan of ${describeType(x)} is taken`)
    return typed(`coalesce(isnan(${x.sql}), FALSE)`, 'boolean')
  }),
  greatest: extreme('greatest'),
  least: extreme('least'),
}

function rounded(name: 'ceil' | 'floor'): SparkFunction {
  return unary((x) => {
    if (x.type.type !== 'double' && !isIntegral(x.type)) throw refused(`${name} of ${describeType(x)} is taken`)
    return typed(`CAST(${isIntegral(x.type) ? x.sql : `${name}(${x.sql})`} AS BIGINT)`, 'long')
  })
}

function positiveRemainder(a: TypedSql, b: TypedSql): TypedSql {
  if (!isIntegral(a.type) || !isIntegral(b.type)) throw refused('pmod is computed of numbers that are not whole')
  const type = widerIntegral(a.type, b.type)
  const first = arithmetic('%', [a, b])
  const wrapped = arithmetic('%', [arithmetic('+', [first, b]), b])
  return { sql: `CASE WHEN ${first.sql} < 0 THEN ${wrapped.sql} ELSE ${first.sql} END`, type }
}

/** Nulls are passed over, in both. */
function extreme(name: 'greatest' | 'least'): SparkFunction {
  return {
    least: 2,
    most: Number.POSITIVE_INFINITY,
    sql: (operands) => {
      const { type, sqls } = coerce(operands, false)
      return { sql: `${name}(${sqls.join(', ')})`, type }
    },
  }
}
