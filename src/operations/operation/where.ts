import type { QueryEngine } from '../../engine/query-engine.js'
import { DeltaError } from '../../errors/delta-error.js'
import type { Predicate } from '../../expressions/predicate.js'
import type { StructType } from '../../schema/data-type.js'

/** A condition as a user gives it: SQL text (`kind = 'click' AND at >= DATE '2026-01-01'`) or built with `col(...)`. */
export type Where = string | Predicate

/**
 * A condition as data. Text is parsed by the SQL engine, which is started for it; what is built needs none.
 *
 * @throws InvalidPredicate, UnknownColumn
 */
export async function resolveWhere(
  where: Where | undefined,
  schema: StructType,
  engine: { open(): Promise<QueryEngine> },
): Promise<Predicate | undefined> {
  if (where === undefined) return undefined
  if (typeof where === 'string') return (await engine.open()).parsePredicate(where, schema)
  if (typeof where === 'object' && where !== null && typeof where.op === 'string') return where
  throw new DeltaError(
    'InvalidPredicate',
    "A condition is SQL text such as \"kind = 'click'\", or built as in col('kind').eq('click').",
  )
}
