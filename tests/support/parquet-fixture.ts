import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import type { ParquetFile } from '../../src/parquet/parquet-file.js'
import { repositoryRoot } from './repository-root.js'

/** The bytes of a file of fixtures/parquet, by its name without extension. */
export function parquetFixture(name: string): Promise<Uint8Array> {
  return readFile(join(repositoryRoot, 'fixtures', 'parquet', `${name}.parquet`))
}

export async function openFixture(name: string): Promise<ParquetFile> {
  return openParquet(bytesSource(`${name}.parquet`, await parquetFixture(name)))
}
