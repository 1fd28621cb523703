import { describe, expect, it } from 'vitest'
import { translate } from '../../../../src/engine/duckdb/rules/translate.js'
import { parseSparkExpression } from '../../../../src/expressions/spark/parse-spark-expression.js'
import { parseSchemaText } from '../../../../src/schema/schema-text.js'
import { EXPRESSION_SCHEMA, EXPRESSIONS } from '../../../peers/spark-expressions.js'

const scope = { schema: parseSchemaText(EXPRESSION_SCHEMA), now: 0n, isVolatileAllowed: false }

describe('expressions of Spark', () => {
  it.each(EXPRESSIONS)('%s is translated', (expression) => {
    expect(translate(parseSparkExpression(expression), scope).sql).toBeTypeOf('string')
  })
})
