import { validityTest } from '../../arrow/validity.js'
import type { Checkpoint } from '../../log/checkpoint/checkpoint.js'
import type { AddBatch, CheckpointPart } from '../../log/checkpoint/checkpoint-part.js'
import { mapConcurrent } from '../../runtime/map-concurrent.js'
import { addColumns } from './add-columns.js'
import { BlockBuilder } from './block-builder.js'
import { FileBlock } from './file-block.js'
import { LiveBlock } from './live-block.js'
import { LiveFiles } from './live-files.js'
import { RowGroupStatistics } from './row-group-statistics.js'
import type { RowRun } from './row-runs.js'

/** Files of a checkpoint that are read at once. */
const CONCURRENCY = 8

/** The files of a checkpoint as columns. Statistics of large checkpoints stay where they are until somebody wants them. */
export async function checkpointBlocks(checkpoint: Checkpoint, signal?: AbortSignal): Promise<LiveFiles> {
  const inline = new BlockBuilder()
  for (const add of checkpoint.adds.toReversed()) inline.push(add)
  const blocks: LiveBlock[] = [...inline.finish().chunks]
  for await (const part of mapConcurrent(checkpoint.parts, CONCURRENCY, (part) => readPart(part, signal))) {
    for (const block of part) blocks.push(new LiveBlock(block))
  }
  return new LiveFiles(blocks)
}

async function readPart(part: CheckpointPart, signal: AbortSignal | undefined): Promise<FileBlock[]> {
  const blocks: FileBlock[] = []
  const groups = new Map<number, RowGroupStatistics>()
  for await (const batch of part.adds(signal)) {
    const group = groups.get(batch.rowGroup) ?? new RowGroupStatistics(part, batch.rowGroup)
    groups.set(batch.rowGroup, group)
    const runs = validRuns(batch)
    blocks.push(new FileBlock({ ...addColumns(batch.add, runs), statistics: group.of(batch.firstRow, runs) }))
  }
  if (part.isWhole) {
    for (const block of blocks) await block.columns.statistics.load(signal)
    part.close()
  }
  return blocks
}

/** The rows that are files. */
function validRuns({ add }: AddBatch): RowRun[] {
  if (add.nullCount === 0) return [{ start: 0, end: add.length }]
  const isValid = validityTest(add)
  const runs: RowRun[] = []
  for (let row = 0; row < add.length; ) {
    while (row < add.length && !isValid(row)) row++
    const start = row
    while (row < add.length && isValid(row)) row++
    if (row > start) runs.push({ start, end: row })
  }
  return runs
}
