import { DeltaError } from '../errors/delta-error.js'

export interface MismatchFacts {
  /** The column and, below it, fields, `element`, `key`, `value`. */
  readonly path: readonly string[]
  readonly expected: string
  readonly got: string
  /** Position of the row in the input, from 0. */
  readonly row?: number | undefined
}

/** SchemaMismatch: input that does not fit the table. */
export function schemaMismatch({ path, expected, got, row }: MismatchFacts): DeltaError {
  const column = path.join('.')
  const where = row === undefined ? '' : ` (row ${row})`
  const message = `Column ${column}${where}: expected ${expected}, got ${got}. Change the data, or the schema of the table.`
  return new DeltaError('SchemaMismatch', message, {
    details: { column, expected, got, ...(row === undefined ? {} : { row }) },
  })
}

/** A value for a message: short, with its type. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40
        ? `the string ${JSON.stringify(value.slice(0, 40))}...`
        : `the string ${JSON.stringify(value)}`
    case 'bigint':
      return `the bigint ${value}n`
    case 'number':
    case 'boolean':
      return `the ${typeof value} ${value}`
    case 'object':
      if (value === null) return 'null'
      return `an object of type ${(Object.getPrototypeOf(value) as object | null)?.constructor?.name ?? 'Object'}`
    default:
      return `a value of type ${typeof value}`
  }
}
