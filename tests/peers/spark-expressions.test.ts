import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { translate } from '../../src/engine/duckdb/rules/translate.js'
import { parseSparkExpression } from '../../src/expressions/spark/parse-spark-expression.js'
import { DeltaTable } from '../../src/index.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import type { PeerProcess } from './peer-process.js'
import { EXPRESSION_ROWS, EXPRESSION_SCHEMA, EXPRESSIONS } from './spark-expressions.js'
import { openSpark, sparkWanted } from './spark-session.js'

describe.runIf(sparkWanted)('expressions of Spark', () => {
  let folder: string
  let spark: PeerProcess

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'expressions-'))
    spark = openSpark()
  })

  afterAll(async () => {
    await spark.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('have the same values and types here', async () => {
    const path = join(folder, 'computed')
    const base = parseSchemaText(EXPRESSION_SCHEMA)
    const scope = { schema: base, now: 0n, isVolatileAllowed: false }
    const generated = EXPRESSIONS.map((expression, n) => ({
      name: `g${n}`,
      dataType: translate(parseSparkExpression(expression), scope).type,
      nullable: true,
      metadata: { 'delta.generationExpression': expression },
    }))
    const table = await DeltaTable.create(path, { schema: { type: 'struct', fields: [...base.fields, ...generated] } })
    await table.append(EXPRESSION_ROWS)
    const different = EXPRESSIONS.map((each, n) => `sum(CASE WHEN g${n} <=> (${each}) THEN 0 ELSE 1 END)`)
    const types = EXPRESSIONS.map((each, n) => `max(typeof(g${n}) || ' ' || typeof(${each}))`)
    const { rows } = await spark.ask<{ rows: (number | string)[][] }>({
      sql: `SELECT ${[...different, ...types].join(', ')} FROM delta.\`${path}\``,
    })
    const answers = rows[0] as (number | string)[]
    const wrong = EXPRESSIONS.flatMap((expression, n) => {
      const type = String(answers[EXPRESSIONS.length + n])
      const [here, there] = [type.slice(0, type.length / 2), type.slice(type.length / 2 + 1)]
      const values = answers[n] === 0 ? [] : [`${expression}: ${answers[n]} rows differ`]
      return here === there || type.split(' ').length > 2 ? values : [...values, `${expression}: ${type}`]
    })
    expect(wrong).toEqual([])
  })
})
