import { type Column, childAt } from '../../arrow/column.js'
import { validityTest } from '../../arrow/validity.js'
import { DeltaError } from '../../errors/delta-error.js'
import { plainValue } from '../../log/checkpoint/plain-value.js'
import type { AddFile } from '../../protocol/actions/action.js'
import { parseAction } from '../../protocol/actions/parse-action.js'
import type { JsonValue } from '../../schema/data-type.js'
import { stringifyJson } from '../../schema/lossless-json.js'
import type { FileBlockColumns } from './file-block.js'
import { concatLongs, type LongColumn, missingLongs } from './long-column.js'
import { mapPartitions } from './map-partitions.js'
import type { RowRun } from './row-runs.js'
import { sliceText, type TextColumn, textColumn } from './text-column.js'

/**
 * Rows of the column `add` of a checkpoint as the columns of a block. Nothing is copied where they are one run: then the block holds on to the buffers
 * they were decoded into, which have little else in them.
 *
 * @throws CorruptLog where a file has no path
 */
export function addColumns(add: Column, runs: readonly RowRun[]): Omit<FileBlockColumns, 'statistics'> {
  const fields = new Map(add.type.children.map(({ name }, i) => [name, childAt(add, i)]))
  /** Undefined where every row lacks the field. */
  const field = (name: string): Column | undefined => {
    const column = fields.get(name)
    return column === undefined || column.nullCount === column.length ? undefined : column
  }
  const paths = field('path')
  if (paths === undefined || !isComplete(paths, runs)) {
    throw new DeltaError('CorruptLog', 'an add action of the checkpoint has no path')
  }
  return {
    paths: sliceText({ data: paths.values as Uint8Array, offsets: paths.valueOffsets as Int32Array }, runs),
    sizes: longs(field('size'), runs) ?? missingLongs(lengthOf(runs)),
    modificationTimes: longs(field('modificationTime'), runs) ?? missingLongs(lengthOf(runs)),
    partitions: mapPartitions(field('partitionValues'), runs),
    vectors: vectorTexts(field('deletionVector'), runs),
    baseRowIds: longs(field('baseRowId'), runs),
    defaultRowCommitVersions: longs(field('defaultRowCommitVersion'), runs),
    rest: restTexts({ tags: field('tags'), clusteringProvider: field('clusteringProvider') }, runs),
  }
}

function isComplete(column: Column, runs: readonly RowRun[]): boolean {
  if (column.nullCount === 0) return true
  const isValid = validityTest(column)
  return runs.every(({ start, end }) => {
    for (let row = start; row < end; row++) if (!isValid(row)) return false
    return true
  })
}

function lengthOf(runs: readonly RowRun[]): number {
  return runs.reduce((sum, { start, end }) => sum + end - start, 0)
}

function longs(column: Column | undefined, runs: readonly RowRun[]): LongColumn | undefined {
  if (column === undefined) return undefined
  const values = column.values as BigInt64Array
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  const [first] = runs
  const isComplete = column.nullCount === 0
  if (isComplete && runs.length === 1 && first !== undefined) return halves.subarray(first.start * 2, first.end * 2)
  const copy = concatLongs([{ column: halves, runs }])
  if (!isComplete) markMissing(copy, column, runs)
  return copy
}

function markMissing(copy: LongColumn, column: Column, runs: readonly RowRun[]): void {
  const isValid = validityTest(column)
  const missing = missingLongs(1)
  let at = 0
  for (const { start, end } of runs) {
    for (let row = start; row < end; row++, at++) if (!isValid(row)) copy.set(missing, at * 2)
  }
}

/** A text for each row, empty where `text` gives none. Undefined where it gives none at all. */
function texts(runs: readonly RowRun[], text: (row: number) => string | undefined): TextColumn | undefined {
  const all: string[] = []
  let hasAny = false
  for (const { start, end } of runs) {
    for (let row = start; row < end; row++) {
      const one = text(row)
      hasAny ||= one !== undefined
      all.push(one ?? '')
    }
  }
  return hasAny ? textColumn(all) : undefined
}

function vectorTexts(column: Column | undefined, runs: readonly RowRun[]): TextColumn | undefined {
  if (column === undefined) return undefined
  const isValid = validityTest(column)
  return texts(runs, (row) => {
    if (!isValid(row)) return undefined
    // Some writers say "none" with a descriptor whose storage type is empty: the parser of actions knows them.
    const { deletionVector } = parseAction({
      add: { ...EMPTY_ADD, deletionVector: plainValue(column, row) ?? null },
    }) as AddFile
    return deletionVector && JSON.stringify(deletionVector)
  })
}

const EMPTY_ADD = { path: '', partitionValues: {}, size: 0, modificationTime: 0, dataChange: false }

function restTexts(
  columns: { readonly [name: string]: Column | undefined },
  runs: readonly RowRun[],
): TextColumn | undefined {
  const present = Object.entries(columns).flatMap(([name, column]) =>
    column === undefined ? [] : [{ name, column, isValid: validityTest(column) }],
  )
  if (present.length === 0) return undefined
  return texts(runs, (row) => {
    const rest: { [name: string]: JsonValue } = {}
    let isEmpty = true
    for (const { name, column, isValid } of present) {
      const value = isValid(row) ? plainValue(column, row) : undefined
      if (value === undefined) continue
      rest[name] = value
      isEmpty = false
    }
    return isEmpty ? undefined : stringifyJson(rest)
  })
}
