import { DeltaError } from '../errors/delta-error.js'

/** Where a schema text came from: `CorruptLog` when it was stored in a table, `InvalidSchema` when a user wrote it. */
export type SchemaErrorCode = 'CorruptLog' | 'InvalidSchema'

/** The dotted name of a column in messages. Steps into arrays and maps are `element`, `key` and `value`. */
export function columnName(path: readonly string[]): string {
  return path.map((part) => (/^[\p{L}\p{N}_$-]+$/u.test(part) ? part : `\`${part.replaceAll('`', '``')}\``)).join('.')
}

/** A schema that breaks a rule of the protocol, at a column. */
export function schemaError(code: SchemaErrorCode, path: readonly string[], problem: string): DeltaError {
  const column = columnName(path)
  const where = path.length === 0 ? 'The schema' : `Column ${column}`
  return new DeltaError(code, `${where} ${problem}`, path.length === 0 ? {} : { details: { column } })
}
