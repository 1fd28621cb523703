import type { SparkOperator } from '../../../expressions/spark/spark-expression.js'
import type { DataType } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import {
  decimal,
  decimalOf,
  isFloating,
  isIntegral,
  isNumeric,
  widenNumber,
  widerIntegral,
  widerNumber,
} from './numbers.js'
import { describeType, failing, refused, type TypedSql, typed } from './typed-sql.js'

/** `+ - * / % div` and the sign of numbers. Overflows and divisions by zero fail, as in Spark's ANSI mode. */
export function arithmetic(operator: SparkOperator, [a, b]: readonly TypedSql[]): TypedSql {
  if (a === undefined) throw refused('An operator has no operand')
  if (b === undefined) return negated(a)
  if (a.type.type === 'date' && isIntegral(b.type) && (operator === '+' || operator === '-')) {
    return typed(`(${a.sql} ${operator} CAST(${b.sql} AS INTEGER))`, 'date')
  }
  if (!isNumeric(a.type) || !isNumeric(b.type)) {
    throw refused(`${describeType(a)} ${operator.toUpperCase()} ${describeType(b)} is computed`)
  }
  switch (operator) {
    case '/':
      return division(a, b)
    case 'div':
      if (!isIntegral(a.type) || !isIntegral(b.type)) throw refused('DIV is computed of numbers that are not whole')
      return guarded({ type: 'long' }, a, b, '//')
    case '%':
      return remainder(a, b)
    default:
      return plain(operator as '+' | '-' | '*', a, b)
  }
}

function negated(a: TypedSql): TypedSql {
  if (!isNumeric(a.type)) throw refused(`${describeType(a)} is negated`)
  return { sql: `(-${a.sql})`, type: a.type }
}

function plain(operator: '+' | '-' | '*', a: TypedSql, b: TypedSql): TypedSql {
  if (isIntegral(a.type) && isIntegral(b.type)) return compute(operator, a, b, widerIntegral(a.type, b.type))
  if (isFloating(a.type) || isFloating(b.type)) return compute(operator, a, b, floatingType(a, b, operator))
  const [x, y] = [decimalOf(a), decimalOf(b)]
  if (x === undefined || y === undefined) throw refused(`${describeType(a)} ${operator} ${describeType(b)} is computed`)
  if (operator === '*') {
    const type = decimal(x.precision + y.precision + 1, x.scale + y.scale)
    // With fewer digits DuckDB would compute in 64 bits.
    const wide = { ...x, precision: Math.max(x.precision, 19) }
    return { sql: `CAST(${widenNumber(a, wide)} * ${widenNumber(b, y)} AS ${typeSql(type)})`, type }
  }
  const scale = Math.max(x.scale, y.scale)
  const type = decimal(Math.max(x.precision - x.scale, y.precision - y.scale) + scale + 1, scale)
  return compute(operator, a, b, type)
}

function compute(operator: string, a: TypedSql, b: TypedSql, type: DataType): TypedSql {
  const sql = `CAST(${widenNumber(a, type)} ${operator} ${widenNumber(b, type)} AS ${typeSql(type)})`
  return { sql, type }
}

function division(a: TypedSql, b: TypedSql): TypedSql {
  if (isIntegral(a.type) && isIntegral(b.type)) return guarded({ type: 'double' }, a, b, '/')
  if (!isFloating(a.type) && !isFloating(b.type)) throw refused('Decimals are divided')
  const type = floatingType(a, b, '/')
  // Spark divides doubles alone.
  if (type.type === 'float') throw refused('FLOATs are divided')
  return guarded(type, a, b, '/')
}

function remainder(a: TypedSql, b: TypedSql): TypedSql {
  if (isIntegral(a.type) && isIntegral(b.type)) return guarded(widerIntegral(a.type, b.type), a, b, '%')
  throw refused('A remainder is computed of numbers that are not whole')
}

function guarded(type: DataType, a: TypedSql, b: TypedSql, operator: string): TypedSql {
  const divisor = widenNumber(b, type)
  const result = `CAST(${widenNumber(a, type)} ${operator} ${divisor} AS ${typeSql(type)})`
  if (b.literal !== undefined && 'number' in b.literal && Number(b.literal.number) !== 0) return { sql: result, type }
  return { sql: `CASE WHEN ${divisor} = 0 THEN ${failing('division by zero', type)} ELSE ${result} END`, type }
}

/** Settings of Spark say whether a FLOAT and an INT make a FLOAT or a DOUBLE. */
function floatingType(a: TypedSql, b: TypedSql, operator: string): DataType {
  const type = widerNumber(a, b)
  const isMixed = isIntegral(a.type) !== isIntegral(b.type)
  const hasFloat = a.type.type === 'float' || b.type.type === 'float'
  if (type !== undefined && !(isMixed && hasFloat)) return type
  throw refused(`${describeType(a)} ${operator} ${describeType(b)} is computed`)
}
