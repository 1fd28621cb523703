import { describe, expect, it } from 'vitest'
import { translate } from '../../../../src/engine/duckdb/rules/translate.js'
import { parseSparkExpression } from '../../../../src/expressions/spark/parse-spark-expression.js'
import { DeltaTable } from '../../../../src/index.js'
import { parseSchemaText } from '../../../../src/schema/schema-text.js'
import { EXPRESSION_ROWS, EXPRESSION_SCHEMA, EXPRESSIONS } from '../../../peers/spark-expressions.js'

const scope = { schema: parseSchemaText(EXPRESSION_SCHEMA), now: 0n, isVolatileAllowed: false }

describe('expressions of Spark', () => {
  it('have the values that Spark was found to give them', async () => {
    const generated = EXPRESSIONS.map((expression, n) => ({
      name: `g${n}`,
      dataType: translate(parseSparkExpression(expression), scope).type,
      nullable: true,
      metadata: { 'delta.generationExpression': expression },
    }))
    const table = await DeltaTable.create(`memory://expressions-${process.pid}`, {
      schema: { type: 'struct', fields: [...scope.schema.fields, ...generated] },
    })
    await table.append(EXPRESSION_ROWS.slice(0, 12))
    const rows = await table.rows()
    const lines = EXPRESSIONS.map((each, n) => `${each}: ${rows.map((row) => valueText(row[`g${n}`])).join(' | ')}`)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('expression-values.txt')
  })
})

function valueText(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Object.is(value, -0)) return '-0'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
