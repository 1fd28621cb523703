import { DuckDBInstance } from '@duckdb/node-api'
import { quoteText } from '../../expressions/sql-quote.js'

/** What one DuckDB instance may use. */
export interface InstanceSettings {
  /** DuckDB's own limit; beyond it operators spill. */
  readonly memoryBytes: number
  /** Where they spill; none: nothing may spill. */
  readonly spillDirectory?: string
  readonly threads?: number
  /** The folders whose files SQL may open, at any depth. Every other file, the network and extensions are out of reach. */
  readonly directories: readonly string[]
}

/** Memory that was freed goes back to the machine from so large a part of the limit on: the allocator keeps much more of it, uncounted, while other sizes are allocated. */
const FREED_AT_ONCE = 1 / 16
const FREED_BY_TASK = 1 / 32

/**
 * A fresh in-memory DuckDB: UTC, closed to the outside but for `directories`. DuckDB lets nobody open external access again or add
 * a folder afterwards. The rest of the configuration is not locked, since progress is switched on for each connection: user SQL
 * gets here only after the parser has found that it is a SELECT.
 */
export async function openInstance(options: InstanceSettings): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryBytes}B`,
    temp_directory: options.spillDirectory ?? '',
    allocator_flush_threshold: `${Math.floor(options.memoryBytes * FREED_BY_TASK)}B`,
    allocator_bulk_deallocation_flush_threshold: `${Math.floor(options.memoryBytes * FREED_AT_ONCE)}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  })
  const connection = await instance.connect()
  try {
    await connection.run("SET GLOBAL TimeZone = 'UTC'")
    // Files are read once, and those of a sparse copy change as more of them is fetched.
    await connection.run('SET GLOBAL enable_external_file_cache = false')
    await connection.run(`SET GLOBAL allowed_directories = [${options.directories.map(quoteText).join(', ')}]`)
    await connection.run('SET GLOBAL enable_external_access = false')
  } finally {
    connection.closeSync()
  }
  return instance
}

/** A DuckDB for parsing and planning: no file, no threads, configuration open to the caller. */
export async function openSealedInstance(memoryBytes: number): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryBytes}B`,
    temp_directory: '',
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET GLOBAL TimeZone = 'UTC'")
  connection.closeSync()
  return instance
}
