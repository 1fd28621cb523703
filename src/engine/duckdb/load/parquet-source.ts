import type { DuckDBConnection } from '@duckdb/node-api'
import { quotePath } from '../quote-path.js'
import { columnsOf, type LoadSource } from './load-source.js'

/** Parquet files, those of one schema together. */
export async function parquetSources(connection: DuckDBConnection, files: readonly string[]): Promise<LoadSource[]> {
  const groups = new Map<string, LoadSource & { readonly files: string[] }>()
  for (const file of files) {
    const context = { sqlCode: 'CorruptData', what: `The Parquet file ${file} cannot be read` } as const
    const columns = await columnsOf(connection, from([file]), context)
    const shape = JSON.stringify(columns.map(({ name, type }) => [name, String(type)]))
    const group = groups.get(shape)
    if (group === undefined) groups.set(shape, { files: [file], from, columns, textual: false, isParquet: true })
    else group.files.push(file)
  }
  return [...groups.values()]
}

function from(files: readonly string[]): string {
  return `read_parquet([${files.map(quotePath).join(', ')}], hive_partitioning = false)`
}
