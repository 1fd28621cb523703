import { evaluateNode } from '../expressions/evaluate.js'
import type { ColumnMappingMode } from '../schema/column-mapping.js'
import type { FileChunk } from '../snapshot/file-list.js'
import { type PartitionValues, partitionValues } from './partition-values.js'
import type { Conjunct } from './split-predicate.js'

/** Tells for file i whether its partition values fulfil a condition. */
type FileTest = (i: number) => boolean

/**
 * The positions of the files whose partition values fulfil all conditions. Each condition is evaluated once for each combination of values that occurs, not for each
 * file.
 */
export function pruneByPartition(
  chunk: FileChunk,
  conditions: readonly Conjunct[],
  mode: ColumnMappingMode,
): Int32Array {
  const tests = conditions.map((condition) => fileTest(chunk, condition, mode))
  const kept = new Int32Array(chunk.length)
  let count = 0
  for (let i = 0; i < chunk.length; i++) {
    if (tests.every((test) => test(i))) kept[count++] = i
  }
  return kept.slice(0, count)
}

function fileTest(chunk: FileChunk, condition: Conjunct, mode: ColumnMappingMode): FileTest {
  const columns = condition.columns.map((column) => partitionValues(chunk, column, mode))
  const [first, ...others] = columns
  if (first === undefined) {
    const holds = evaluateNode(condition.node, () => null) === true
    return () => holds
  }
  const holdsFor = (codes: readonly number[]): boolean => holds(condition, columns, codes)
  if (others.length > 0) return combinationTest(columns, holdsFor)
  const results = Uint8Array.from(first.values, (_, code) => Number(holdsFor([code])))
  return (i) => results[first.codes[i] as number] === 1
}

/** Remembers the answer for each combination, numbered by its codes. */
function combinationTest(
  columns: readonly PartitionValues[],
  holdsFor: (codes: readonly number[]) => boolean,
): FileTest {
  const known = new Map<number | string, boolean>()
  const combinations = columns.reduce((product, { values }) => product * values.length, 1)
  const numbered = Number.isSafeInteger(combinations)
  return (i) => {
    const codes = columns.map((column) => column.codes[i] as number)
    const key = numbered
      ? codes.reduce((key, code, k) => key * (columns[k] as PartitionValues).values.length + code, 0)
      : codes.join()
    let result = known.get(key)
    if (result === undefined) {
      result = holdsFor(codes)
      known.set(key, result)
    }
    return result
  }
}

function holds({ node, columns }: Conjunct, values: readonly PartitionValues[], codes: readonly number[]): boolean {
  return (
    evaluateNode(node, (column) => {
      const k = columns.indexOf(column)
      return values[k]?.values[codes[k] as number] ?? null
    }) === true
  )
}
