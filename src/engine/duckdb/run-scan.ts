import type { RecordBatch, Schema } from 'apache-arrow'
import { arrowSchema, arrowType } from '../../arrow/arrow-schema.js'
import type { Column } from '../../arrow/column.js'
import { filterBatch } from '../../arrow/filter-batch.js'
import { nullColumn } from '../../arrow/null-column.js'
import { batchOf } from '../../arrow/relabel-batch.js'
import { readScan } from '../../data-files/read-scan.js'
import type { Predicate } from '../../expressions/predicate.js'
import { quoteIdentifier } from '../../expressions/sql-quote.js'
import { predicateToSql } from '../../expressions/to-sql.js'
import type { ScanPlan } from '../../scan/scan-plan.js'
import type { StructType } from '../../schema/data-type.js'
import type { QueryOptions, QueryResult } from '../query-engine.js'
import { POSITION_COLUMN, POSITION_FIELD } from '../staging/decode-plan.js'
import { hasVariant } from '../staging/json-column.js'
import type { ErrorContext } from './duckdb-error.js'
import type { EngineContext } from './engine-context.js'
import { leasedResult } from './leased-result.js'
import { lendStaged } from './lend-staged.js'
import { parsePredicate } from './parse-predicate.js'
import { stageSource } from './stage-source.js'
import { createView } from './table/create-view.js'

const CONTEXT: ErrorContext = { sqlCode: 'InvalidPredicate', what: 'The scan failed' }
const TABLE = 'table'

/** See {@link QueryEngine.scan}. */
export async function runScan(engine: EngineContext, plan: ScanPlan, options: QueryOptions): Promise<QueryResult> {
  for (const sql of opaqueParts(plan.predicate)) await parsePredicate(engine.planner, sql, plan.snapshot.schema)
  if (plan.schema.fields.some(({ dataType }) => hasVariant(dataType))) return scanByPosition(engine, plan, options)
  const columns = plan.schema.fields.map((field) => quoteIdentifier(field.name))
  const result = await select(engine, plan, plan.readSchema, columns.join(', '), options)
  const schema = arrowSchema(plan.schema)
  return { schema, batches: () => conformed(result, plan.schema, schema) }
}

/** DuckDB has no variants as the table has them: it finds the rows, and the Arrow path delivers them. */
async function scanByPosition(engine: EngineContext, plan: ScanPlan, options: QueryOptions): Promise<QueryResult> {
  const fields = [...plan.readSchema.fields, POSITION_FIELD]
  const found = await select(engine, plan, { type: 'struct', fields }, quoteIdentifier(POSITION_COLUMN), options)
  const positions = new Set<number>()
  for await (const batch of found.batches()) for (const row of batch) positions.add(Number(row[POSITION_COLUMN]))
  const { predicate: _, ...unfiltered } = plan
  const all = { ...unfiltered, schema: plan.readSchema }
  const schema = arrowSchema(plan.schema)
  const pick = async function* (): AsyncGenerator<RecordBatch, void, undefined> {
    let first = 0
    for await (const batch of readScan(all, options)) {
      const mask = Uint8Array.from({ length: batch.numRows }, (_row, i) => (positions.has(first + i) ? 1 : 0))
      first += batch.numRows
      const kept = filterBatch(batch, mask)
      if (kept.numRows > 0)
        yield batchOf(schema, kept.data.children.slice(0, schema.fields.length) as Column[], kept.numRows)
    }
  }
  return { schema, batches: pick }
}

/** The rows of a plan that match its predicate, as DuckDB delivers them. */
async function select(
  engine: EngineContext,
  plan: ScanPlan,
  schema: StructType,
  columns: string,
  options: QueryOptions,
): Promise<QueryResult> {
  const { snapshot, predicate } = plan
  const staged = await stageSource(engine, plan, schema, options)
  return lendStaged(engine.instances, staged, async (lease) => {
    await createView(lease.connection, TABLE, staged.table)
    const where = predicate === undefined ? '' : ` WHERE ${predicateToSql(predicate, snapshot.schema)}`
    const sql = `SELECT ${columns} FROM ${quoteIdentifier(TABLE)}${where}`
    return leasedResult(lease, sql, CONTEXT, options, staged.release)
  })
}

/** Batches of the one Arrow form of the plan's types. DuckDB has no type for columns that hold nothing but null. */
async function* conformed(
  result: QueryResult,
  { fields }: StructType,
  schema: Schema,
): AsyncGenerator<RecordBatch, void, undefined> {
  for await (const batch of result.batches()) {
    const columns = fields.map(({ dataType }, i) =>
      dataType.type === 'void' ? nullColumn(arrowType(dataType), batch.numRows) : (batch.data.children[i] as Column),
    )
    yield batchOf(schema, columns, batch.numRows)
  }
}

/** SQL that somebody wrote: it is checked before it runs. */
function opaqueParts(predicate: Predicate | undefined): readonly string[] {
  switch (predicate?.op) {
    case 'opaque':
      return [predicate.sql]
    case 'and':
    case 'or':
      return predicate.children.flatMap(opaqueParts)
    case 'not':
      return opaqueParts(predicate.child)
    default:
      return []
  }
}
