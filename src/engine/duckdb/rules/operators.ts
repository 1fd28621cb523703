import type { SparkOperator } from '../../../expressions/spark/spark-expression.js'
import { quoteText } from '../../../expressions/sql-quote.js'
import type { DataType } from '../../../schema/data-type.js'
import { typeSql } from '../type-sql.js'
import { arithmetic } from './arithmetic.js'
import { coerce } from './coerce.js'
import { describeType, refused, type TypedSql, typed } from './typed-sql.js'

/** An operator of Spark over translated operands. UnsupportedFeature where it might mean something else for their types. */
export function operatorSql(operator: SparkOperator, operands: readonly TypedSql[]): TypedSql {
  const [a, b, c] = operands as readonly [TypedSql, TypedSql, TypedSql]
  switch (operator) {
    case 'and':
    case 'or':
      return typed(`(${condition(a)} ${operator.toUpperCase()} ${condition(b)})`, 'boolean')
    case 'not':
      return typed(`(NOT ${condition(a)})`, 'boolean')
    case 'isTrue':
    case 'isFalse':
      return typed(`(${condition(a)} IS ${operator === 'isTrue' ? 'TRUE' : 'FALSE'})`, 'boolean')
    case 'isNull':
      return typed(`(${a.sql} IS NULL)`, 'boolean')
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(a, operator, b)
    case '<=>':
      return comparison(a, 'IS NOT DISTINCT FROM', b)
    case 'between':
      return typed(`(${comparison(a, '>=', b).sql} AND ${comparison(a, '<=', c).sql})`, 'boolean')
    case 'in': {
      const [needle, ...choices] = coerce(operands, true).sqls
      return typed(`(${needle} IN (${choices.join(', ')}))`, 'boolean')
    }
    case 'like':
      return like(a, b)
    case '||':
      return typed(`(${textOf(a)} || ${textOf(b)})`, 'string')
    default:
      return arithmetic(operator, operands)
  }
}

/** A condition: BOOLEAN, or NULL. */
export function condition(value: TypedSql): string {
  if (value.type.type === 'boolean') return value.sql
  if (value.type.type === 'void') return 'CAST(NULL AS BOOLEAN)'
  throw refused(`${describeType(value)} is taken for a condition`)
}

/** A text: STRING, or NULL. */
export function textOf(value: TypedSql): string {
  if (value.type.type === 'string') return value.sql
  if (value.type.type === 'void') return 'CAST(NULL AS VARCHAR)'
  throw refused(`${describeType(value)} is taken for a text`)
}

function comparison(a: TypedSql, operator: string, b: TypedSql): TypedSql {
  const { sqls } = coerce([a, b], true)
  return typed(`(${sqls[0]} ${operator} ${sqls[1]})`, 'boolean')
}

function like(value: TypedSql, pattern: TypedSql): TypedSql {
  const text = pattern.literal !== undefined && 'text' in pattern.literal ? pattern.literal.text : undefined
  if (text === undefined) throw refused('LIKE has a pattern that is not written out')
  // Spark fails on a backslash before anything else.
  if (/\\(?![\\%_])/.test(text.replaceAll('\\\\', ''))) throw refused(`LIKE has the pattern ${JSON.stringify(text)}`)
  return typed(`(${textOf(value)} LIKE ${quoteText(text)} ESCAPE '\\')`, 'boolean')
}

/** The branches of CASE and its kin in their common type. */
export function choose(
  branches: readonly (readonly [when: TypedSql, then: TypedSql])[],
  otherwise: TypedSql,
): TypedSql {
  const { type, sqls } = commonValues([...branches.map(([, then]) => then), otherwise])
  const cases = branches.map(([when], i) => `WHEN ${condition(when)} THEN ${sqls[i]}`)
  return { sql: `CASE ${cases.join(' ')} ELSE ${sqls[branches.length]} END`, type }
}

/** Values of which one is the result. */
export function commonValues(values: readonly TypedSql[]): {
  readonly type: DataType
  readonly sqls: readonly string[]
} {
  const { type, sqls } = coerce(values, false)
  return { type, sqls: sqls.map((sql) => (type.type === 'void' ? sql : `CAST(${sql} AS ${typeSql(type)})`)) }
}
