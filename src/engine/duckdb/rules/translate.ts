import { DeltaError } from '../../../errors/delta-error.js'
import type { SparkExpression } from '../../../expressions/spark/spark-expression.js'
import { quoteIdentifier, quoteText } from '../../../expressions/sql-quote.js'
import { resolveColumn } from '../../../schema/resolve-column.js'
import { guardFloats } from '../table/guard-floats.js'
import { castTo } from './cast.js'
import { timeSql } from './coerce.js'
import { functionSql } from './functions/spark-functions.js'
import { isIntegral, numberSql } from './numbers.js'
import { choose, operatorSql } from './operators.js'
import type { TranslationScope } from './translation-scope.js'
import { describeType, failing, refused, type TypedSql, typed } from './typed-sql.js'

/** Longer than this, SQL is refused: operands that stand in it more than once multiply. */
const MAX_LENGTH = 200_000

/** An expression in DuckDB's SQL over a relation with the columns of the scope's schema. */
export interface Translation extends TypedSql {
  /** Top-level columns that it names, as the schema spells them. */
  readonly columns: ReadonlySet<string>
}

/**
 * Translates an expression of Spark SQL for DuckDB: operators, functions and casts whose results are the same in both, and nothing else.
 *
 * @throws UnsupportedFeature for the rest, by name; UnknownColumn, AmbiguousColumn; InvalidArgument for literals that are none
 */
export function translate(expression: SparkExpression, scope: TranslationScope): Translation {
  const columns = new Set<string>()
  const result = new Translator(scope, columns).translate(expression)
  return { ...result, columns }
}

class Translator {
  readonly #scope: TranslationScope
  readonly #columns: Set<string>

  constructor(scope: TranslationScope, columns: Set<string>) {
    this.#scope = scope
    this.#columns = columns
  }

  translate(expression: SparkExpression): TypedSql {
    const result = this.#translate(expression)
    if (result.sql.length > MAX_LENGTH) throw refused('It is too long when written out')
    return result
  }

  #translate(expression: SparkExpression): TypedSql {
    switch (expression.kind) {
      case 'null':
        return typed('NULL', 'void')
      case 'boolean':
        return typed(expression.value ? 'TRUE' : 'FALSE', 'boolean')
      case 'string':
        return { ...typed(quoteText(expression.value), 'string'), literal: { text: expression.value } }
      case 'number':
        return numberSql(expression.digits, expression.suffix)
      case 'instant':
        return typed(timeSql(expression.text, { type: expression.type }), expression.type)
      case 'column':
        return this.#column(expression.path)
      case 'field':
        return field(this.translate(expression.of), expression.name)
      case 'element':
        return element(this.translate(expression.of), this.translate(expression.at))
      case 'operation':
        return operatorSql(
          expression.operator,
          expression.operands.map((operand) => this.translate(operand)),
        )
      case 'call':
        return functionSql(
          expression.name,
          expression.operands.map((operand) => this.translate(operand)),
          this.#scope,
        )
      case 'case':
        return choose(
          expression.branches.map(([when, then]) => [this.translate(when), this.translate(then)] as const),
          this.translate(expression.otherwise),
        )
      case 'cast':
        return castTo(this.translate(expression.of), expression.to)
    }
  }

  #column(path: readonly [string, ...string[]]): TypedSql {
    const { fields } = resolveColumn(this.#scope.schema, path)
    const [column, ...inner] = fields
    this.#columns.add(column.name)
    const sql = inner.reduce(
      (of, { name }) => `struct_extract(${of}, ${quoteText(name)})`,
      quoteIdentifier(column.name),
    )
    const type = (fields.at(-1) ?? column).dataType
    if (type.type === 'variant') throw refused('A variant is used')
    return { sql: guardFloats(sql, type), type }
  }
}

function field(of: TypedSql, name: string): TypedSql {
  if (of.type.type !== 'struct') throw new DeltaError('InvalidArgument', `${describeType(of)} has no field ${name}`)
  const found = resolveColumn(of.type, [name]).field
  return { sql: `struct_extract(${of.sql}, ${quoteText(found.name)})`, type: found.dataType }
}

/** Past the end of an array Spark fails or answers NULL, as its settings say: only what is there means the same. */
function element(of: TypedSql, at: TypedSql): TypedSql {
  if (of.type.type !== 'array' || !isIntegral(at.type)) throw refused(`An element of ${describeType(of)} is taken`)
  const type = of.type.elementType
  const outside = failing('an array has no such element', type)
  const isInside = `${at.sql} >= 0 AND ${at.sql} < len(${of.sql})`
  const isNull = `${of.sql} IS NULL OR ${at.sql} IS NULL`
  return {
    sql: `CASE WHEN ${isNull} THEN NULL WHEN ${isInside} THEN ${of.sql}[${at.sql} + 1] ELSE ${outside} END`,
    type,
  }
}
