import { randomUUID } from 'node:crypto'
import { realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Bool, Field, type RecordBatch, Schema } from 'apache-arrow'
import { arrowSchema } from '../../../arrow/arrow-schema.js'
import { type Column, makeColumn } from '../../../arrow/column.js'
import { concatColumns } from '../../../arrow/concat.js'
import { decodeRows } from '../../../arrow/decode/decode-rows.js'
import { batchOf } from '../../../arrow/relabel-batch.js'
import { bitmapBytes, setBit, validityTest } from '../../../arrow/validity.js'
import { quoteIdentifier } from '../../../expressions/sql-quote.js'
import { encodeParquet } from '../../../parquet/encode-parquet.js'
import type { QueryOptions } from '../../query-engine.js'
import type { Given, RuleEvaluator } from '../../rule-evaluator.js'
import { resultBatches, resultSchema } from '../arrow/result-stream.js'
import type { EngineContext } from '../engine-context.js'
import { quotePath } from '../quote-path.js'
import { interruptible } from '../run-statement.js'
import { typeSql } from '../type-sql.js'
import { brokenRuleSql, computed } from './apply-rules.js'
import type { CompiledColumn, CompiledRules } from './compile-rules.js'
import { rowText } from './row-text.js'
import { constraintViolated, evaluationFailed, RULE_CONTEXT } from './rule-error.js'

interface Violation {
  readonly rule: number
  readonly row: { readonly [column: string]: string | null }
  /** Position in the input, from 0. */
  readonly position: number
}

/** Rules over batches: DuckDB sees the columns that they look at and no others. */
export class BatchRules implements RuleEvaluator {
  readonly #engine: EngineContext
  readonly #compiled: CompiledRules
  readonly #options: QueryOptions
  readonly #filled: readonly CompiledColumn[]
  /** What SQL reads, in the order of the schema. */
  readonly #needed: ReadonlySet<string>
  #rows = 0
  #broken = 0
  #first: Violation | undefined

  constructor(engine: EngineContext, compiled: CompiledRules, options: QueryOptions) {
    this.#engine = engine
    this.#compiled = compiled
    this.#options = options
    this.#filled = [...compiled.defaults, ...compiled.generated]
    this.#needed = new Set([...this.#filled, ...compiled.checks].flatMap(({ columns }) => [...columns]))
  }

  async apply(batch: RecordBatch, given: ReadonlyMap<string, Given>): Promise<RecordBatch | undefined> {
    const columns = await this.#evaluate(batch, given)
    const filled = this.#fill(batch, columns)
    this.#look(filled, columns[this.#filled.length] as Column)
    this.#rows += batch.numRows
    return this.#first === undefined ? filled : undefined
  }

  finish(): void {
    if (this.#first === undefined) return
    const { rule, row, position } = this.#first
    const check = this.#compiled.checks[rule]
    if (check === undefined) return
    const place = `row ${position}`
    throw constraintViolated({ check, row, place, count: this.#broken, details: { rowNumber: position } })
  }

  /** The columns that SQL fills in, and the position of the first rule that each row breaks. */
  async #evaluate(batch: RecordBatch, given: ReadonlyMap<string, Given>): Promise<Column[]> {
    const { workDirectory, instances } = this.#engine
    const path = join(await realpath(workDirectory), `rules-${randomUUID()}.parquet`)
    const stored = this.#stored(batch, given)
    if (stored !== undefined) await writeFile(path, await encodeParquet([stored], { schema: stored.schema }))
    const lease = await instances.connect([await realpath(workDirectory)])
    try {
      const from = stored === undefined ? `range(${batch.numRows})` : `read_parquet(${quotePath(path)})`
      const sql = this.#select(from, stored, given)
      return await interruptible(lease.connection, this.#options.signal, RULE_CONTEXT, async () => {
        const result = await lease.connection.stream(sql)
        const schema = resultSchema(result)
        const batches: RecordBatch[] = []
        for await (const each of resultBatches(result, schema)) batches.push(each)
        return schema.fields.map((field, i) =>
          concatColumns(
            field.type,
            batches.map((each) => each.data.children[i] as Column),
          ),
        )
      })
    } catch (error) {
      throw evaluationFailed(error) ?? error
    } finally {
      lease.release()
      await rm(path, { force: true })
    }
  }

  /** What SQL reads of a batch, with a column for each mask. Undefined where it needs the number of rows alone. */
  #stored(batch: RecordBatch, given: ReadonlyMap<string, Given>): RecordBatch | undefined {
    const isRead = (name: string): boolean => (given.get(name) ?? !this.#compiled.givenColumns.has(name)) !== false
    const computedNames = new Set(this.#filled.map(({ column }) => column))
    const fields = this.#compiled.schema.fields.filter(
      ({ name }) => isRead(name) && (this.#needed.has(name) || computedNames.has(name)),
    )
    const names = batch.schema.fields.map(({ name }) => name)
    const columns = fields.map(({ name }) => batch.data.children[names.indexOf(name)] as Column)
    const masks = [...given].flatMap(([column, mask]) => {
      const name = this.#compiled.givenColumns.get(column)
      return typeof mask === 'boolean' || name === undefined ? [] : [{ name, mask }]
    })
    const plain = fields.map((field) => ({ ...field, nullable: true, metadata: {} }))
    const schema = new Schema([
      ...arrowSchema({ type: 'struct', fields: plain }).fields,
      ...masks.map(({ name }) => new Field(name, new Bool(), false)),
    ])
    if (schema.fields.length === 0) return undefined
    return batchOf(schema, [...columns, ...masks.map(({ mask }) => booleans(mask))], batch.numRows)
  }

  #select(from: string, stored: RecordBatch | undefined, given: ReadonlyMap<string, Given>): string {
    const { schema, givenColumns } = this.#compiled
    const present = new Set(stored?.schema.fields.map(({ name }) => name))
    const missing = schema.fields
      .filter(({ name }) => givenColumns.has(name) && !present.has(name))
      .map(({ name, dataType }) => `CAST(NULL AS ${typeSql(dataType)}) AS ${quoteIdentifier(name)}`)
    const constants = [...givenColumns]
      .filter(([, name]) => !present.has(name))
      .map(([column, name]) => `${given.get(column) === false ? 'FALSE' : 'TRUE'} AS ${quoteIdentifier(name)}`)
    const relation = `SELECT ${['*', ...missing, ...constants].join(', ')} FROM ${from}`
    const outputs = [...this.#filled.map(({ column }) => quoteIdentifier(column)), brokenRuleSql(this.#compiled)]
    // Identity columns have their values already.
    const rules = { ...this.#compiled, rules: { ...this.#compiled.rules, identities: [] } }
    return `SELECT ${outputs.join(', ')} FROM (${computed(relation, rules)})`
  }

  #fill(batch: RecordBatch, columns: readonly Column[]): RecordBatch {
    const filled = new Map(this.#filled.map(({ column }, i) => [column, columns[i] as Column]))
    const schema = arrowSchema(this.#compiled.schema)
    const children = schema.fields.map(({ name }, i) => filled.get(name) ?? (batch.data.children[i] as Column))
    return batchOf(schema, children, batch.numRows)
  }

  #look(batch: RecordBatch, broken: Column): void {
    if (broken.nullCount === batch.numRows) return
    const isBroken = validityTest(broken)
    for (let row = 0; row < batch.numRows; row++) {
      if (!isBroken(row)) continue
      this.#broken++
      this.#first ??= {
        rule: (broken.values as Int32Array)[row] as number,
        row: this.#rowOf(batch, row),
        position: this.#rows + row,
      }
    }
  }

  #rowOf(batch: RecordBatch, row: number): { readonly [column: string]: string | null } {
    const [values] = decodeRows(batch.slice(row, row + 1), this.#compiled.schema)
    return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, rowText(value)]))
  }
}

function booleans(mask: Uint8Array): Column {
  const values = new Uint8Array(bitmapBytes(mask.length))
  for (const [row, byte] of mask.entries()) if (byte !== 0) setBit(values, row)
  return makeColumn(new Bool(), { length: mask.length, values, nullCount: 0 })
}
