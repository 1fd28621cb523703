import type { RecordBatch } from 'apache-arrow'
import type { Column } from '../arrow/column.js'
import { scalarReader } from '../arrow/decode/scalar-reader.js'
import { takeRows } from '../arrow/take-rows.js'
import { serializePartitionValue } from '../protocol/partition-value.js'
import type { Scalar } from '../schema/scalar.js'
import type { FileLayout, PartitionField } from './file-layout.js'

/** The rows of one partition, partition columns still among them. */
export interface PartitionRows {
  /** Serialised, in the order of the partition columns. */
  readonly values: readonly (string | null)[]
  readonly batch: RecordBatch
}

/** Sorts the rows of a batch of the table's schema into partitions; rows keep their order within each. */
export function splitPartitions(batch: RecordBatch, layout: FileLayout): PartitionRows[] {
  if (layout.partitions.length === 0) return [{ values: [], batch }]
  const { codes, groups } = groupRows(batch, layout.partitions)
  if (groups.length === 1) return [{ values: groups[0] as (string | null)[], batch }]
  const rows = rowsByGroup(codes, groups.length)
  return groups.map((values, code) => ({ values, batch: takeRows(batch, rows[code] as Int32Array) }))
}

interface Groups {
  /** The group of each row. */
  readonly codes: Int32Array
  /** The partition values of each group. */
  readonly groups: (string | null)[][]
}

/** Column by column: a group splits where the next column's values differ. */
function groupRows(batch: RecordBatch, partitions: readonly PartitionField[]): Groups {
  let codes = new Int32Array(batch.numRows)
  let groups: (string | null)[][] = [[]]
  for (const field of partitions) {
    const index = batch.schema.fields.findIndex(({ name }) => name === field.name)
    const read = scalarReader(batch.data.children[index] as Column, field.dataType)
    const texts = new Map<Scalar | null, string | null>()
    const next = new Map<string, number>()
    const nextGroups: (string | null)[][] = []
    const nextCodes = new Int32Array(batch.numRows)
    for (let row = 0; row < batch.numRows; row++) {
      const text = textOf(read(row), field, texts)
      const before = codes[row] as number
      const key = text === null ? `${before}` : `${before}=${text}`
      let code = next.get(key)
      if (code === undefined) {
        code = nextGroups.push([...(groups[before] as (string | null)[]), text]) - 1
        next.set(key, code)
      }
      nextCodes[row] = code
    }
    codes = nextCodes
    groups = nextGroups
  }
  return { codes, groups }
}

function textOf(value: Scalar | null, field: PartitionField, texts: Map<Scalar | null, string | null>): string | null {
  // Binary values are objects, each its own key of the map.
  const known = value instanceof Uint8Array ? undefined : texts.get(value)
  if (known !== undefined) return known
  const text = serializePartitionValue(value, field.dataType)
  if (!(value instanceof Uint8Array)) texts.set(value, text)
  return text
}

function rowsByGroup(codes: Int32Array, groups: number): Int32Array[] {
  const sizes = new Int32Array(groups)
  for (const code of codes) sizes[code] = (sizes[code] as number) + 1
  const rows = Array.from(sizes, (size) => new Int32Array(size))
  const ends = new Int32Array(groups)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    const end = ends[code] as number
    ;(rows[code] as Int32Array)[end] = row
    ends[code] = end + 1
  }
  return rows
}
