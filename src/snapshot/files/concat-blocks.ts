import type { PartitionColumn } from '../file-list.js'
import { BlockStatistics } from './block-statistics.js'
import { FileBlock, type FileBlockColumns } from './file-block.js'
import type { LiveBlock } from './live-block.js'
import { concatLongs, type LongColumn, missingLongs } from './long-column.js'
import type { RowRun } from './row-runs.js'
import { concatText, emptyTexts, type TextColumn } from './text-column.js'

interface Piece {
  readonly columns: FileBlockColumns
  readonly runs: readonly RowRun[]
  readonly texts: TextColumn
  readonly blockLength: number
}

/** One block of the live files of several, whose statistics are in memory. */
export function concatBlocks(chunks: readonly LiveBlock[]): FileBlock {
  const pieces = chunks.map(
    (chunk): Piece => ({
      columns: chunk.block.columns,
      runs: chunk.runs(),
      texts: chunk.block.columns.statistics.texts ?? emptyTexts(chunk.block.length),
      blockLength: chunk.block.length,
    }),
  )
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const names = new Set(pieces.flatMap(({ columns }) => [...columns.partitions().keys()]))
  const text = (of: (columns: FileBlockColumns) => TextColumn | undefined): TextColumn | undefined =>
    pieces.some(({ columns }) => of(columns) !== undefined)
      ? concatText(
          pieces.map(({ columns, runs, blockLength }) => ({ column: of(columns) ?? emptyTexts(blockLength), runs })),
        )
      : undefined
  const longs = (of: (columns: FileBlockColumns) => LongColumn | undefined): LongColumn | undefined =>
    pieces.some(({ columns }) => of(columns) !== undefined)
      ? concatLongs(
          pieces.map(({ columns, runs, blockLength }) => ({ column: of(columns) ?? missingLongs(blockLength), runs })),
        )
      : undefined
  const partitions = new Map([...names].map((name) => [name, concatPartitions(pieces, length, name)]))
  return new FileBlock({
    paths: text(({ paths }) => paths) as TextColumn,
    sizes: longs(({ sizes }) => sizes) as LongColumn,
    modificationTimes: longs(({ modificationTimes }) => modificationTimes) as LongColumn,
    partitions: () => partitions,
    statistics: BlockStatistics.of(concatText(pieces.map(({ texts, runs }) => ({ column: texts, runs })))),
    vectors: text(({ vectors }) => vectors),
    baseRowIds: longs(({ baseRowIds }) => baseRowIds),
    defaultRowCommitVersions: longs(({ defaultRowCommitVersions }) => defaultRowCommitVersions),
    rest: text(({ rest }) => rest),
  })
}

function concatPartitions(pieces: readonly Piece[], length: number, name: string): PartitionColumn {
  const values: (string | null)[] = []
  const codeOf = new Map<string | null, number>()
  const code = (value: string | null): number => {
    let known = codeOf.get(value)
    if (known === undefined) {
      known = values.push(value) - 1
      codeOf.set(value, known)
    }
    return known
  }
  const codes = new Int32Array(length)
  let at = 0
  for (const { columns, runs } of pieces) {
    const column = columns.partitions().get(name)
    for (const { start, end } of runs) {
      for (let i = start; i < end; i++) {
        codes[at++] = code(column === undefined ? null : (column.values[column.codes[i] as number] ?? null))
      }
    }
  }
  return { codes, values }
}
