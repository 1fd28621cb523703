import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { DeltaError } from '../../errors/delta-error.js'
import { corrupt, type FooterSchema, readSchema } from '../../parquet/footer.js'
import { localError, systemCode } from '../../storage/local/local-error.js'
import type { ErrorContext } from './duckdb-error.js'

/** Files that are read before the event loop gets its turn. */
const FILES_AT_ONCE = 64

/**
 * The schemas of Parquet files on local disk, in order. They are read synchronously: that takes some microseconds, where the thread pool takes half a millisecond.
 * @throws CorruptData, UnsupportedFeature, DataFileMissing, PermissionDenied, StorageUnavailable
 */
export async function* localSchemas(
  paths: readonly string[],
  context: ErrorContext,
): AsyncGenerator<{ readonly path: string; readonly schema: FooterSchema }, void, undefined> {
  for (const [i, path] of paths.entries()) {
    yield { path, schema: await localSchema(path, context) }
    if ((i + 1) % FILES_AT_ONCE === 0) await setImmediate()
  }
}

async function localSchema(path: string, { what }: ErrorContext): Promise<FooterSchema> {
  const file = openFile(path, what)
  try {
    const read = async (start: number, end: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(end - start)
      if (readSync(file, bytes, 0, bytes.byteLength, start) === bytes.byteLength) return bytes
      throw corrupt(path, 'it became shorter while it was read')
    }
    return await readSchema({ name: path, size: fstatSync(file).size, read })
  } finally {
    closeSync(file)
  }
}

function openFile(path: string, what: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw localError(dirname(path), basename(path), cause)
    throw new DeltaError('DataFileMissing', `${what}: there is no file ${path}.`, { cause, details: { path } })
  }
}
