import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { WriteTarget, WrittenFile } from '../../../data-files/write-target.js'
import { runStatement } from '../run-statement.js'
import { type WriteOptions, writeParquet } from '../write/write-parquet.js'

export interface SelectsOptions extends WriteOptions {
  /** It exists; each SELECT gets a folder in it, of the name and a number. */
  readonly directory: string
  readonly name: string
}

/** Writes the rows of SELECTs as files of the table, one SELECT after the other, in any order. */
export async function writeSelects(
  connection: DuckDBConnection,
  selects: readonly string[],
  target: WriteTarget,
  { directory, name, ...write }: SelectsOptions,
): Promise<WrittenFile[]> {
  const written: WrittenFile[] = []
  await inAnyOrder(connection, write, async () => {
    for (const [i, select] of selects.entries()) {
      const folder = join(directory, `${name}-${i}`)
      await mkdir(folder)
      for (const file of await writeParquet(connection, select, target, folder, write)) {
        const { localPath, size, numRows, partitionValues } = file
        written.push({ localPath, size, numRows, partitionValues })
      }
    }
  })
  return written
}

/** New rows need no order among themselves, and to keep one costs a fifth. */
export async function inAnyOrder<T>(
  connection: DuckDBConnection,
  write: WriteOptions,
  work: () => Promise<T>,
): Promise<T> {
  await runStatement(connection, 'SET SESSION preserve_insertion_order = false', write.context, write)
  try {
    return await work()
  } finally {
    await connection.run('RESET SESSION preserve_insertion_order')
  }
}
