import type { DataType as ArrowType } from 'apache-arrow'
import { type Column, makeColumn } from '../../../arrow/column.js'
import { bitmapBytes, setBit } from '../../../arrow/validity.js'
import type { ReadLeaf, ReadNode } from '../../pages/read-node.js'
import { leafColumn } from './leaf-column.js'
import type { LeafSlots } from './read-chunk.js'

/** What one column of a file becomes in Arrow. @param slotsOf of each leaf below @throws Error where leaves do not fit together */
export function assembleColumn(node: ReadNode, slotsOf: (leaf: ReadLeaf) => LeafSlots): Column {
  return assemble(node, slotsOf, { definition: 0, repetition: 0 })
}

/** The innermost list around a node, or the table: its entries begin at slots of no higher repetition level, and of no lower definition level. */
interface Around {
  readonly definition: number
  readonly repetition: number
}

function assemble(node: ReadNode, slotsOf: (leaf: ReadLeaf) => LeafSlots, around: Around): Column {
  const type = node.field.type as ArrowType
  const slots = slotsOf(firstLeaf(node))
  if (node.kind === 'leaf') {
    const { rowOf, ...rows } = entriesOf(slots, around, node.definition)
    return leafColumn(node, slots.values, { ...rows, rowOf: rows.nullCount === 0 ? undefined : rowOf })
  }
  const { length, validity, nullCount } = entriesOf(slots, around, node.definition)
  const parts = { length, validity, nullCount }
  if (node.kind === 'struct') {
    const children = node.children.map((child) => assemble(child, slotsOf, around))
    if (children.some((child) => child.length !== length)) throw new Error('columns of a struct differ in length')
    return makeColumn(type, { ...parts, children })
  }
  const inside = { definition: node.definition + 1, repetition: around.repetition + 1 }
  const offsets = offsetsOf(slots, around, inside, length)
  const child = assemble(node.child, slotsOf, inside)
  if (child.length !== offsets[length]) throw new Error('columns of a list differ in length')
  return makeColumn(type, { ...parts, offsets, children: [child] })
}

function firstLeaf(node: ReadNode): ReadLeaf {
  if (node.kind === 'leaf') return node
  return firstLeaf(node.kind === 'list' ? node.child : (node.children[0] as ReadNode))
}

/** The entries of a node, those with a value by their rows. @param level of slots with a value */
function entriesOf({ length, definition, repetition }: LeafSlots, around: Around, level: number) {
  if (definition === undefined) return { length, validity: undefined, nullCount: 0, rowOf: undefined }
  const rowOf = new Int32Array(length)
  let [entries, valid] = [0, 0]
  for (let i = 0; i < length; i++) {
    const own = definition[i] as number
    if (own < around.definition || (repetition !== undefined && (repetition[i] as number) > around.repetition)) continue
    if (own >= level) rowOf[valid++] = entries
    entries++
  }
  const nullCount = entries - valid
  if (nullCount === 0) return { length: entries, validity: undefined, nullCount, rowOf: undefined }
  const validity = new Uint8Array(bitmapBytes(entries))
  for (let i = 0; i < valid; i++) setBit(validity, rowOf[i] as number)
  return { length: entries, validity, nullCount, rowOf }
}

/** Where the elements of each list begin. */
function offsetsOf(
  { length, definition, repetition }: LeafSlots,
  around: Around,
  inside: Around,
  lists: number,
): Int32Array {
  const offsets = new Int32Array(lists + 1)
  let [list, elements] = [0, 0]
  for (let i = 0; i < length; i++) {
    const level = repetition?.[i] ?? 0
    const own = definition?.[i] ?? 0
    if (own < around.definition || level > inside.repetition) continue
    if (level <= around.repetition) offsets[list++] = elements
    else if (list === 0) throw new Error('a column begins inside a list')
    if (own >= inside.definition) elements++
  }
  offsets[lists] = elements
  return offsets
}
