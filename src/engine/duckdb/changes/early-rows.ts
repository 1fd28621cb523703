import { stat } from 'node:fs/promises'
import type { WrittenFile } from '../../../data-files/write-target.js'
import type { RowChangeRequest, SourceRows } from '../../row-change.js'
import type { EngineContext } from '../engine-context.js'
import { rowTrackingOf } from '../table/source-table.js'
import type { ChangeRelations } from './change-relations.js'
import { connectSource } from './connect-source.js'
import { CHANGE_CONTEXT, MANY_ROWS, newRowsSql, takesWholeSource } from './new-rows-sql.js'
import { writeSelects } from './write-selects.js'

/** Larger sources are not written while rows are looked for, since both need memory: bytes of their files, as a share of it. */
const SHARE_OF_MEMORY = 1 / 16

/** How rows of an upsert are made where each row of the source becomes one. */
const WHOLE_SOURCE = {
  hidden: { rowId: undefined, all: [] },
  matchedAnew: new Set<number>(),
  mayUnite: true,
  matchedOnce: true,
}

/** What is written for a change, and where to. */
interface EarlyWrite {
  readonly engine: EngineContext
  readonly request: RowChangeRequest
  readonly names: ChangeRelations
  /** It exists. */
  readonly directory: string
}

/**
 * The rows of a source as files of the table, written while the engine looks for the rows of the table that match. Where each row of the source matches one row at most, an upsert writes just these;
 * that is known once the rows are found.
 */
export class EarlyRows {
  readonly #ended = new AbortController()
  readonly #files: Promise<WrittenFile[] | undefined>

  /** Begins, where an upsert without further conditions is asked for and its source is small. Otherwise undefined. */
  static start(write: EarlyWrite, signal: AbortSignal | undefined): EarlyRows | undefined {
    const { change, source, changeFeed, rules, dryRun, snapshot } = write.request
    if (source === undefined || source.numRows === 0 || source.numRows >= MANY_ROWS) return undefined
    if (dryRun || changeFeed || rules !== undefined || rowTrackingOf(snapshot) !== undefined) return undefined
    // Another clause would need to know which rows match.
    const isUpsert = change.clauses.length === 2 && takesWholeSource(change)
    return isUpsert ? new EarlyRows(write, source, signal) : undefined
  }

  private constructor(write: EarlyWrite, source: SourceRows, signal: AbortSignal | undefined) {
    const end = (): void => this.#ended.abort()
    signal?.addEventListener('abort', end, { once: true })
    // Whatever goes wrong does so again, and is explained, when the rows are written in the usual way.
    this.#files = writeSource(write, source, this.#ended.signal)
      .catch(() => undefined)
      .finally(() => signal?.removeEventListener('abort', end))
  }

  /** Undefined where they could not be written. */
  files(): Promise<WrittenFile[] | undefined> {
    return this.#files
  }

  /** Ends it. What was written goes with its folder. */
  async end(): Promise<void> {
    this.#ended.abort()
    await this.#files
  }
}

async function writeSource(
  { engine, request, names, directory }: EarlyWrite,
  source: SourceRows,
  signal: AbortSignal,
): Promise<WrittenFile[] | undefined> {
  const sizes = await Promise.all(source.paths.map(async (path) => (await stat(path)).size))
  if (sizes.reduce((sum, size) => sum + size, 0) > engine.memoryBytes * SHARE_OF_MEMORY) return undefined
  const { connection, release } = await connectSource(engine, source, names)
  try {
    const { selects } = await newRowsSql(connection, request.change, names, WHOLE_SOURCE)
    return await writeSelects(
      connection,
      selects.map(({ sql }) => sql),
      request.target,
      { directory, name: 'early', rowGroupRows: engine.rowGroupRows, context: CHANGE_CONTEXT, signal },
    )
  } finally {
    release()
  }
}
