import { DeltaError } from '../errors/delta-error.js'

/** DataFileMissing, for a file that a version of a table needs. @param path as the log has it */
export function dataFileMissing(table: string, path: string, cause: unknown): DeltaError {
  return new DeltaError(
    'DataFileMissing',
    `The data file ${path} of table ${table} does not exist. Restore the file, or restore the table to a version that does not need it.`,
    { cause, details: { table, path } },
  )
}
