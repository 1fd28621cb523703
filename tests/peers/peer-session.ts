import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { DeltaTable } from '../../src/index.js'
import { parseSchemaJson } from '../../src/schema/schema-json.js'
import { arrowRows } from '../conformance/arrow-rows.js'
import { duckdbRows } from '../conformance/duckdb-rows.js'
import type { PlainRows } from '../conformance/plain-value.js'
import type { StructJson, TypeJson } from '../conformance/schema-json.js'
import { peerPython } from '../support/peer-python.js'
import { PeerProcess } from './peer-process.js'

/** The Python libraries that read a Delta table. */
export const peerReaders = ['deltalake', 'pyarrow', 'polars', 'duckdb'] as const

export type PeerReader = (typeof peerReaders)[number]

/** A folder for tables, the other implementations, and a DuckDB to read what they put into files. */
export class PeerSession {
  readonly folder: string
  readonly #peer: PeerProcess
  readonly #instance: DuckDBInstance
  readonly #duckdb: DuckDBConnection
  #files = 0

  private constructor(folder: string, peer: PeerProcess, instance: DuckDBInstance, duckdb: DuckDBConnection) {
    this.folder = folder
    this.#peer = peer
    this.#instance = instance
    this.#duckdb = duckdb
  }

  static async open(): Promise<PeerSession> {
    const folder = await mkdtemp(join(tmpdir(), 'lakewright-peers-'))
    const peer = new PeerProcess(await peerPython(), [join(import.meta.dirname, 'peers.py')])
    const instance = await DuckDBInstance.create()
    return new PeerSession(folder, peer, instance, await instance.connect())
  }

  async close(): Promise<void> {
    await this.#peer.close()
    this.#duckdb.closeSync()
    this.#instance.closeSync()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** A request to peers.py. */
  ask<Answer>(op: string, request: { readonly [name: string]: unknown }): Promise<Answer> {
    return this.#peer.ask<Answer>({ op, ...request })
  }

  /** The rows of a table as another implementation sees them. */
  async rowsThere(reader: PeerReader, table: string, version?: number): Promise<PlainRows> {
    return this.rowsOf(await this.copyOf(reader, table, version))
  }

  /** The statistics of a table's files as deltalake sees them: one row a file. */
  async statisticsThere(table: string): Promise<PlainRows> {
    const out = this.newFile()
    await this.ask('statistics', { table, out })
    return this.rowsOf(out)
  }

  /** Puts rows into a Parquet file, for a peer to write into a table. */
  async parquetOf(select: string): Promise<string> {
    const out = this.newFile()
    await this.#duckdb.run(`COPY (${select}) TO '${out}' (FORMAT parquet)`)
    return out
  }

  /** A Parquet file of a table's rows, made by another implementation. */
  async copyOf(reader: PeerReader, table: string, version?: number): Promise<string> {
    const out = this.newFile()
    await this.ask('read', { reader, table, out, ...(version === undefined ? {} : { version }) })
    return out
  }

  rowsOf(parquetFile: string): Promise<PlainRows> {
    return duckdbRows(this.#duckdb, parquetFile)
  }

  /** The name of a file that is not there yet. */
  newFile(): string {
    return join(this.folder, `rows-${this.#files++}.parquet`)
  }
}

/** A name for a table's folder that polars can open: it does not decode the URL of a table whose path has spaces. */
export function folderName(text: string): string {
  return text.replace(/[^a-z0-9]+/gi, '-')
}

/** A new table of ours. */
export function createdHere(
  path: string,
  schema: StructJson,
  partitionBy: readonly string[] = [],
): Promise<DeltaTable> {
  return DeltaTable.create(path, { schema: parseSchemaJson(JSON.stringify(fullSchema(schema))), partitionBy })
}

/** The rows of a table as we see them. */
export async function rowsHere(path: string, version?: number): Promise<PlainRows> {
  const table = await DeltaTable.open(path)
  return arrowRows((version === undefined ? table : await table.at({ version })).scan(), undefined)
}

/** A short schema with what Delta's JSON also demands: everything may be null. */
function fullSchema(type: TypeJson): unknown {
  if (typeof type === 'string') return type
  switch (type.type) {
    case 'struct':
      return {
        type: 'struct',
        fields: type.fields.map((field) => ({
          name: field.name,
          type: fullSchema(field.type),
          nullable: true,
          metadata: {},
        })),
      }
    case 'array':
      return { type: 'array', elementType: fullSchema(type.elementType), containsNull: true }
    case 'map':
      return {
        type: 'map',
        keyType: fullSchema(type.keyType),
        valueType: fullSchema(type.valueType),
        valueContainsNull: true,
      }
    case 'udt':
      return fullSchema(type.sqlType)
  }
}
