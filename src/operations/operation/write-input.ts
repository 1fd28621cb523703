import type { WriteTarget } from '../../data-files/write-target.js'
import type { DiscardMisfits, QueryOptions } from '../../engine/query-engine.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { hasRowRules } from '../../protocol/rules/row-rules.js'
import type { TableLocation } from '../../storage/table-location.js'
import { EngineHandle } from './engine-handle.js'
import { type FileSource, isFileSource } from './file-source.js'
import type { OperationOptions } from './operation-options.js'
import { checkRowsInput, inputBatches, type RowsInput } from './rows-input.js'
import type { WriteRules } from './rules/write-rules.js'
import { sourceFiles } from './source-files.js'

/**
 * Writes rows as data files that no version has yet: the first half of every append and overwrite.
 *
 * @param state the rules of the table for the whole write, of which this may be a part
 * @param discard what is left out of the rows of files that do not fit; default: they are refused
 * @throws SchemaMismatch, InvalidInput, ConstraintViolated, UnsupportedFeature, StorageUnavailable, StorageFull; nothing is left in the table then that a reader could see
 */
export async function writeInput(
  location: TableLocation,
  target: WriteTarget,
  input: RowsInput,
  options: OperationOptions,
  state: WriteRules,
  discard?: DiscardMisfits,
): Promise<AddFile[]> {
  checkRowsInput(input)
  if (isFileSource(input)) return loadFiles(location, target, input, options, state, discard)
  const rules = state.of(target.schema, target)
  const { writeBatches } = await import('../../data-files/write-batches.js')
  if (!hasRowRules(rules)) {
    return writeBatches(location, target, inputBatches(input, target.schema, options), passed(options))
  }
  const { ruledBatches } = await import('./rules/ruled-batches.js')
  await using engine = new EngineHandle(options)
  const ruled = { schema: target.schema, rules, state, now: location.runtime.clock.now() }
  // Awaited here: rules are evaluated while the engine is open.
  return await writeBatches(location, target, ruledBatches(input, ruled, engine, options), passed(options))
}

/** Rows of new data files, as their statistics have them. */
export function countRows(files: readonly AddFile[]): number {
  return files.reduce((rows, { stats }) => rows + Number(stats === undefined ? 0 : JSON.parse(stats).numRecords), 0)
}

export function totalSize(files: readonly { readonly size?: number }[]): number {
  return files.reduce((bytes, { size = 0 }) => bytes + size, 0)
}

async function loadFiles(
  location: TableLocation,
  target: WriteTarget,
  source: FileSource,
  options: OperationOptions,
  state: WriteRules,
  discard: DiscardMisfits | undefined,
): Promise<AddFile[]> {
  const groups = await sourceFiles(source)
  const { publishFiles } = await import('../../data-files/publish-files.js')
  await using handle = new EngineHandle(options)
  const engine = await handle.open()
  const now = location.runtime.clock.now()
  const written = []
  for (const [format, paths] of groups) {
    const rules = state.applied(target.schema, target, now)
    const load = { ...passed(options), ...(rules && { rules }), ...(discard && { discard }) }
    written.push(...(await engine.loadFiles(paths, format, target, load)))
  }
  // Awaited here: the files are gone when the engine is closed.
  return await publishFiles(location, target, written, passed(options))
}

function passed({ signal, observer }: OperationOptions): QueryOptions {
  return { ...(signal && { signal }), ...(observer && { observer }) }
}
