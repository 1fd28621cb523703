import { type Column, childAt } from '../../../arrow/column.js'
import { validityTest } from '../../../arrow/validity.js'
import type { SmallNode } from './small-schema.js'

/**
 * What a column has to say, one slot for each value, null and empty list, by the levels of Dremel (parquet-format, "Nested Encoding"): a value is there where the definition level is
 * the highest of its column.
 */
interface Slots {
  readonly length: number
  /** Definition levels; a number where all are the same. */
  readonly definition: Uint8Array | number
  /** Repetition levels; undefined where all are 0. */
  readonly repetition: Uint8Array | undefined
  /** The rows of the column that have a value, in order of the slots. Undefined: row i for slot i. */
  readonly rows: Int32Array | undefined
  /** How many slots have a value. */
  readonly present: number
}

/** The slots of the leaves of one top-level column, in the order of the schema. */
export function* leafSlots(node: SmallNode, column: Column): Generator<LeafPart, void, undefined> {
  const { length } = column
  const all = { length, definition: 0, repetition: undefined, rows: undefined, present: length }
  yield* below(node, column, all, { definition: 0, repetition: 0 })
}

/** What one batch has of a leaf. */
export interface LeafPart {
  readonly leaf: number
  readonly column: Column
  readonly slots: Slots
}

/** The definition level of slots with a value, and the deepest repetition level so far. */
interface Level {
  readonly definition: number
  readonly repetition: number
}

function* below(node: SmallNode, column: Column, above: Slots, level: Level): Generator<LeafPart, void, undefined> {
  const slots = node.nullable ? withNulls(column, above, level.definition) : above
  if (!node.nullable && hasNull(column, above)) throw new Error('a column that may not be null has a null')
  const own = node.nullable ? { ...level, definition: level.definition + 1 } : level
  if (node.kind === 'leaf') yield { leaf: node.leaf, column, slots }
  else if (node.kind === 'struct') {
    for (const [i, child] of node.children.entries()) yield* below(child, childAt(column, i), slots, own)
  } else {
    const inner = { definition: own.definition + 1, repetition: own.repetition + 1 }
    const entries = childAt(column, 0)
    yield* below(node.child, entries, slotsOfElements(column, slots, own.definition, inner), inner)
  }
}

function hasNull(column: Column, { rows, present }: Slots): boolean {
  if (present === 0 || column.nullCount === 0) return false
  const isValid = validityTest(column)
  for (let i = 0; i < present; i++) if (!isValid(rows === undefined ? i : (rows[i] as number))) return true
  return false
}

/** Slots one level deeper, those of nulls without a value. @param level of slots with a value before */
function withNulls(column: Column, slots: Slots, level: number): Slots {
  const { length, definition, present, rows } = slots
  if (present === 0) return slots
  if (column.nullCount === column.length) return { ...slots, rows: NO_ROWS, present: 0 }
  if (column.nullCount === 0 && present === length) return { ...slots, definition: level + 1 }
  const isValid = validityTest(column)
  const levels = new Uint8Array(length)
  const valid = new Int32Array(present)
  let [seen, kept] = [0, 0]
  for (let i = 0; i < length; i++) {
    const old = typeof definition === 'number' ? definition : (definition[i] as number)
    levels[i] = old
    if (old !== level) continue
    const row = rows === undefined ? seen : (rows[seen] as number)
    seen++
    if (!isValid(row)) continue
    levels[i] = level + 1
    valid[kept++] = row
  }
  return { ...slots, definition: levels, rows: valid.subarray(0, kept), present: kept }
}

/** The slots of what is in lists: one for each element, and one for each list that is null or empty. */
function slotsOfElements(column: Column, slots: Slots, level: number, inner: Level): Slots {
  const { length, definition, repetition, rows, present } = slots
  if (present === 0) return slots
  const offsets = column.valueOffsets as Int32Array
  const rowOf = (seen: number): number => (rows === undefined ? seen : (rows[seen] as number))
  let [elements, empty] = [0, 0]
  for (let i = 0; i < present; i++) {
    const row = rowOf(i)
    const count = (offsets[row + 1] as number) - (offsets[row] as number)
    if (count === 0) empty++
    elements += count
  }
  const total = length - present + empty + elements
  const levels = new Uint8Array(total)
  const repeats = new Uint8Array(total)
  const values = new Int32Array(elements)
  let [seen, at, value] = [0, 0, 0]
  for (let i = 0; i < length; i++) {
    const old = typeof definition === 'number' ? definition : (definition[i] as number)
    levels[at] = old
    repeats[at] = repetition?.[i] ?? 0
    const row = old === level ? rowOf(seen++) : -1
    const [start, end] = row < 0 ? [0, 0] : [offsets[row] as number, offsets[row + 1] as number]
    if (start === end) at++
    for (let element = start; element < end; element++) {
      levels[at] = inner.definition
      if (element > start) repeats[at] = inner.repetition
      values[value++] = element
      at++
    }
  }
  return { length: total, definition: levels, repetition: repeats, rows: values, present: elements }
}

const NO_ROWS = new Int32Array(0)
