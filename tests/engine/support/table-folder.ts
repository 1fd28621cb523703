import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { AddFile, DeletionVectorDescriptor, PartitionValues } from '../../../src/protocol/actions/action.js'
import type { StructType } from '../../../src/schema/data-type.js'
import type { Snapshot } from '../../../src/snapshot/snapshot.js'
import { openTableLocation } from '../../../src/storage/open-table-location.js'
import { snapshotOf } from '../../support/snapshot-of.js'

/** A table put together by hand: data files written by DuckDB, a snapshot that lists them. */
export interface TableFolder {
  readonly path: string
  /** Writes the rows of a SELECT as a data file. */
  write(
    key: string,
    select: string,
    options?: { partition?: PartitionValues; more?: string; dv?: DeletionVectorDescriptor },
  ): Promise<AddFile>
  snapshot(
    schema: StructType,
    files: readonly AddFile[],
    options?: { partitionColumns?: string[]; configuration?: { [key: string]: string } },
  ): Promise<Snapshot>
  remove(): Promise<void>
}

export async function tableFolder(): Promise<TableFolder> {
  const path = await mkdtemp(join(tmpdir(), 'lakewright-test-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  return {
    path,
    write: async (key, select, options = {}) => {
      const file = join(path, key)
      await mkdir(dirname(file), { recursive: true })
      await connection.run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet ${options.more ?? ''})`)
      const { size } = await stat(file)
      return {
        type: 'add',
        path: key.split('/').map(encodeURIComponent).join('/'),
        partitionValues: options.partition ?? {},
        size,
        modificationTime: 0,
        dataChange: true,
        ...(options.dv === undefined ? {} : { deletionVector: options.dv }),
      }
    },
    snapshot: async (schema, files, options = {}) => {
      const location = await openTableLocation(path)
      const features = [
        'columnMapping',
        'deletionVectors',
        'timestampNtz',
        'variantType',
        'rowTracking',
        'domainMetadata',
      ]
      const snapshot: Snapshot = {
        ...snapshotOf({ schema, chunks: [files], ...options }),
        location,
        protocol: {
          type: 'protocol',
          minReaderVersion: 3,
          minWriterVersion: 7,
          readerFeatures: features.slice(0, 4),
          writerFeatures: features,
        },
      }
      return snapshot
    },
    remove: async () => {
      connection.closeSync()
      instance.closeSync()
      await rm(path, { recursive: true, force: true })
    },
  }
}
