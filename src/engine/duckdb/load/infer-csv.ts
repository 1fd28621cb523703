import type { DuckDBConnection } from '@duckdb/node-api'
import { DeltaError } from '../../../errors/delta-error.js'
import type { StructType } from '../../../schema/data-type.js'
import { csvSources } from './csv-source.js'
import { fittingTypes } from './fitting-types.js'
import { TEXT_CANDIDATES } from './text-candidates.js'

/**
 * The columns of CSV files by their headers, and types that all of their rows fit. Only ISO 8601 dates are taken for dates, and numbers never lose digits: what is in doubt is text.
 *
 * @throws InvalidInput where no file has a header, or a row does not parse
 */
export async function inferCsv(
  connection: DuckDBConnection,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StructType> {
  const sources = await csvSources(files)
  const names = [...new Set(sources.flatMap(({ columns }) => columns.map(({ name }) => name)))]
  if (names.length === 0) {
    throw new DeltaError(
      'InvalidInput',
      `${files.join(', ')}: there is no header that names columns, so there is no schema. Give the schema, or a file that is not empty.`,
      { details: { path: files[0] ?? '' } },
    )
  }
  const types = await fittingTypes(connection, sources, new Map(names.map((name) => [name, TEXT_CANDIDATES])), signal)
  const fields = names.map((name) => {
    return { name, dataType: types.get(name) ?? { type: 'string' as const }, nullable: true, metadata: {} }
  })
  return { type: 'struct', fields }
}
