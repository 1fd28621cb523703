import { DataType as Arrow, type DataType as ArrowType, Type } from 'apache-arrow'
import type { ArrayType, DataType, MapType, StructField, StructType } from '../../schema/data-type.js'
import { typeText } from '../../schema/type-text.js'
import { arrowType, variantFields } from '../arrow-schema.js'
import { byteOffsets } from '../byte-offsets.js'
import { type Column, childAt, makeColumn } from '../column.js'
import { bitmapBytes, setBit, validityTest } from '../validity.js'
import { rebuildVariant } from '../variant/rebuild-variant.js'
import type { CastRules } from './cast-rules.js'
import { rebuildColumn } from './rebuild-column.js'

/** `castColumn`, handed in by itself. */
type Cast = (column: Column, to: DataType, path: readonly string[], rules: CastRules) => Column

export function castStruct(
  column: Column,
  to: StructType,
  path: readonly string[],
  rules: CastRules,
  cast: Cast,
): Column | undefined {
  if (!Arrow.isStruct(column.type)) return undefined
  return rebuildColumn(column, arrowType(to), { children: castFields(column, to.fields, path, rules, cast) })
}

/** The columns of a struct, or of a batch, in the order of `targets`. */
export function castFields(
  parent: Column,
  targets: readonly StructField[],
  path: readonly string[],
  rules: CastRules,
  cast: Cast,
): Column[] {
  const positions = rules.match(parent.type.children, targets, path)
  return targets.map((target, i) => {
    const at = [...path, target.name]
    const position = positions[i]
    if (position === undefined) return rules.missing(target, parent.length, at)
    const own = childAt(parent, position)
    const child = cast(rules.checkNulls ? presentIn(parent, own) : own, target.dataType, at, rules)
    if (rules.checkNulls && !target.nullable)
      checkNotNull(child, parent, at, typeText(target.dataType), rules, path.length === 0)
    return child
  })
}

/** A column with parts, null wherever what it is a part of is: only then do its own parts, which are checked against it, need no value. */
function presentIn(parent: Column, column: Column): Column {
  if (column.children.length === 0 || parent.nullCount === 0) return column
  const { type, length, valueOffsets } = column
  const valid = validityTest(column)
  const present = validityTest(parent)
  const validity = new Uint8Array(bitmapBytes(length))
  for (let i = 0; i < length; i++) if (valid(i) && present(i)) setBit(validity, i)
  return makeColumn(type, { length, validity, offsets: valueOffsets, children: column.children as Column[] })
}

export function castArray(
  column: Column,
  to: ArrayType,
  path: readonly string[],
  rules: CastRules,
  cast: Cast,
): Column | undefined {
  const offsets = listOffsets(column)
  if (offsets === undefined || Arrow.isMap(column.type)) return undefined
  const at = [...path, 'element']
  const elements = cast(childAt(column, 0), to.elementType, at, rules)
  if (rules.checkNulls && !to.containsNull)
    checkElements(elements, column, offsets, at, typeText(to.elementType), rules)
  return rebuildColumn(column, arrowType(to), { offsets, children: [elements] })
}

/** Maps, and lists of pairs, which is how some files have them. */
export function castMap(
  column: Column,
  to: MapType,
  path: readonly string[],
  rules: CastRules,
  cast: Cast,
): Column | undefined {
  const offsets = listOffsets(column)
  const entries = column.children[0] as Column | undefined
  if (offsets === undefined || entries === undefined || !Arrow.isStruct(entries.type) || entries.children.length !== 2)
    return undefined
  const keyPath = [...path, 'key']
  const valuePath = [...path, 'value']
  const key = cast(childAt(entries, 0), to.keyType, keyPath, rules)
  const value = cast(childAt(entries, 1), to.valueType, valuePath, rules)
  if (rules.checkNulls) {
    checkElements(key, column, offsets, keyPath, typeText(to.keyType), rules)
    if (!to.valueContainsNull) checkElements(value, column, offsets, valuePath, typeText(to.valueType), rules)
  }
  const target = arrowType(to)
  const pairs = rebuildColumn(entries, target.children[0]?.type as ArrowType, { children: [key, value] })
  return rebuildColumn(column, target, { offsets, children: [pairs] })
}

/** `metadata` and `value`, in any order (PROTOCOL.md, "Variant Data Type"); where `typed_value` is there too the variant is shredded. */
export function castVariant(column: Column, path: readonly string[], rules: CastRules, cast: Cast): Column | undefined {
  if (!Arrow.isStruct(column.type)) return undefined
  const { children } = column.type
  if (children.some(({ name }) => name === 'typed_value')) return rebuildVariant(column)
  const parts = variantFields().map(({ name }) => {
    const position = children.findIndex((field) => field.name === name)
    return position < 0 ? undefined : cast(childAt(column, position), { type: 'binary' }, [...path, name], rules)
  })
  if (children.length !== 2 || parts.includes(undefined)) return undefined
  return rebuildColumn(column, arrowType({ type: 'variant' }), { children: parts as Column[] })
}

/** The offsets of any kind of list as 32-bit numbers. */
function listOffsets(column: Column): Int32Array | undefined {
  const { type, length } = column
  if (Arrow.isList(type) || Arrow.isMap(type)) return column.valueOffsets as Int32Array
  if (Arrow.isFixedSizeList(type)) return byteOffsets(length, () => type.listSize)
  if (type.typeId !== Type.LargeList) return undefined
  const wide = column.valueOffsets as unknown as BigInt64Array
  return Int32Array.from(wide.subarray(0, length + 1), Number)
}

function checkNotNull(
  column: Column,
  parent: Column,
  path: readonly string[],
  type: string,
  rules: CastRules,
  topLevel: boolean,
): void {
  if (column.nullCount === 0) return
  const valid = validityTest(column)
  const present = validityTest(parent)
  for (let i = 0; i < column.length; i++) {
    if (!valid(i) && present(i)) rules.misfit(path, `${type} that is not null`, 'null', topLevel ? i : undefined)
  }
}

/** Elements that no list reaches do not count. */
function checkElements(
  elements: Column,
  list: Column,
  offsets: Int32Array,
  path: readonly string[],
  type: string,
  rules: CastRules,
): void {
  if (elements.nullCount === 0) return
  const valid = validityTest(elements)
  const present = validityTest(list)
  for (let row = 0; row < list.length; row++) {
    if (!present(row)) continue
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
      if (!valid(i)) rules.misfit(path, `${type} that is not null`, 'null')
    }
  }
}
