import { sameType } from '../../../../schema/same-type.js'
import { coerce } from '../coerce.js'
import { choose, commonValues, operatorSql } from '../operators.js'
import { describeType, failing, refused, type TypedSql, typed } from '../typed-sql.js'
import { binary, type SparkFunction, type SparkFunctions, unary } from './spark-function.js'

const NULL: TypedSql = typed('NULL', 'void')

/** Functions of values of any type: of nulls, of choices, of arrays. */
export const VALUE_FUNCTIONS: SparkFunctions = {
  coalesce: { least: 1, most: Number.POSITIVE_INFINITY, sql: firstValue },
  ifnull: { least: 2, sql: firstValue },
  nvl: { least: 2, sql: firstValue },
  nvl2: {
    least: 3,
    sql: ([x, some, none]) => choose([[isNotNull(x as TypedSql), some as TypedSql]], none as TypedSql),
  },
  nullif: binary((a, b) => choose([[operatorSql('=', [a, b]), { ...NULL, sql: 'NULL' }]], a)),
  if: {
    least: 3,
    sql: ([when, then, otherwise]) => choose([[when as TypedSql, then as TypedSql]], otherwise as TypedSql),
  },
  isnull: unary((x) => operatorSql('isNull', [x])),
  isnotnull: unary(isNotNull),
  equal_null: binary((a, b) => operatorSql('<=>', [a, b])),
  size: size(),
  cardinality: size(),
  array_size: unary((x) => typed(`CAST(len(${arrayOf(x).sql}) AS INTEGER)`, 'integer')),
  array_contains: binary(arrayContains),
  uuid: {
    least: 0,
    sql: (_, { isVolatileAllowed }) => {
      if (!isVolatileAllowed) throw refused('uuid() is called, which is another for each row,')
      return typed('CAST(uuid() AS VARCHAR)', 'string')
    },
  },
}

function firstValue(operands: readonly TypedSql[]): TypedSql {
  const { type, sqls } = commonValues(operands)
  return { sql: `coalesce(${sqls.join(', ')})`, type }
}

function isNotNull(x: TypedSql): TypedSql {
  return typed(`(${x.sql} IS NOT NULL)`, 'boolean')
}

function arrayOf(x: TypedSql): TypedSql {
  if (x.type.type === 'array') return x
  throw refused(`${describeType(x)} is taken for an array`)
}

/** The size of no array is -1 or NULL, as Spark is set. */
function size(): SparkFunction {
  return unary((x) => {
    const { type } = x.type
    const count = type === 'map' ? `cardinality(${x.sql})` : `len(${arrayOf(x).sql})`
    const bad = failing('the size of NULL is taken', { type: 'integer' })
    return typed(`CASE WHEN ${x.sql} IS NULL THEN ${bad} ELSE CAST(${count} AS INTEGER) END`, 'integer')
  })
}

/** NULL where the value is not found, but may be one of the nulls. */
function arrayContains(x: TypedSql, value: TypedSql): TypedSql {
  const { type } = arrayOf(x)
  const elementType = type.type === 'array' ? type.elementType : type
  const { type: common, sqls } = coerce([{ sql: '', type: elementType }, value], false)
  if (!sameType(common, elementType)) throw refused(`${describeType(value)} is looked for in ${describeType(x)}`)
  const found = `list_contains(${x.sql}, ${sqls[1]})`
  const hasNull = `len(list_filter(${x.sql}, lambda e: e IS NULL)) > 0`
  return typed(`CASE WHEN ${found} THEN TRUE WHEN ${hasNull} THEN NULL ELSE ${found} END`, 'boolean')
}
