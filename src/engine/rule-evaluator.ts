import type { RecordBatch } from 'apache-arrow'

/** Which rows bring a value of a column: all, none, or those whose byte is not 0. */
export type Given = boolean | Uint8Array

/** The rules of a table, applied to one batch after the other. */
export interface RuleEvaluator {
  /**
   * The batch with its computed columns filled in. Undefined once a row broke a rule: later batches are looked at only to count the rows that do.
   * @param batch of the table's schema, in which computed columns may be null
   * @param given by computed column
   * @throws InvalidInput where an expression cannot be evaluated for a row
   */
  apply(batch: RecordBatch, given: ReadonlyMap<string, Given>): Promise<RecordBatch | undefined>
  /** @throws ConstraintViolated with the rule, the first row that breaks one, and the count, where a row did */
  finish(): void
}
