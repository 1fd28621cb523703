import { DataType as Arrow, type Field } from 'apache-arrow'
import { DeltaError } from '../../errors/delta-error.js'
import { arrowType } from '../arrow-schema.js'
import { byteOffsets } from '../byte-offsets.js'
import { type Column, childAt, makeColumn } from '../column.js'
import { valueReader } from '../decode/scalar-reader.js'
import { ownValidity, validityTest } from '../validity.js'
import { readDictionary } from './decode-variant.js'
import { typedReader } from './typed-variant.js'
import { arrayBytes, compareNames, objectBytes, primitiveByte } from './variant-bytes.js'
import { PRIMITIVE } from './variant-format.js'
import { variantFieldsOf } from './variant-size.js'

/** The names of one row's metadata, both ways. */
interface Names {
  nameOf(id: number): string
  idOf(name: string): number
}

/** The bytes of a variant; undefined where there is none, as for a field that an object lacks. */
type Rebuild = (row: number, names: Names) => Uint8Array | undefined

/**
 * Puts a shredded variant together again (parquet-format, "Variant Shredding"): what was stored in columns of its own, `typed_value`, goes back
 * into the binary value. CorruptData where the parts contradict each other.
 */
export function rebuildVariant(column: Column): Column {
  const metadata = partOf(column, 'metadata')
  if (metadata === undefined) throw damaged('it has no metadata')
  const readMetadata = valueReader(metadata, { type: 'binary' }) as (row: number) => Uint8Array
  const rebuild = groupRebuild(column)
  const present = validityTest(column)
  const values = Array.from({ length: column.length }, (_, row) => {
    if (!present(row)) return new Uint8Array(0)
    return rebuild(row, namesOf(readMetadata(row))) ?? Uint8Array.of(primitiveByte(PRIMITIVE.null))
  })
  const offsets = byteOffsets(values.length, (row) => (values[row] as Uint8Array).byteLength)
  const bytes = new Uint8Array(offsets[values.length] as number)
  values.forEach((value, row) => {
    bytes.set(value, offsets[row])
  })
  const value = makeColumn(arrowType({ type: 'binary' }), { length: column.length, offsets, values: bytes })
  return makeColumn(arrowType({ type: 'variant' }), {
    length: column.length,
    validity: ownValidity(column),
    nullCount: column.nullCount,
    children: [metadata, value],
  })
}

/** A group of `value` and `typed_value`. */
function groupRebuild(group: Column): Rebuild {
  const value = partOf(group, 'value')
  const typed = partOf(group, 'typed_value')
  const hasValue = value === undefined ? () => false : validityTest(value)
  const hasTyped = typed === undefined ? () => false : validityTest(typed)
  const readValue =
    value === undefined ? undefined : (valueReader(value, { type: 'binary' }) as (row: number) => Uint8Array)
  const fromTyped = typed === undefined ? undefined : typedRebuild(typed)
  const isObject = typed !== undefined && Arrow.isStruct(typed.type)
  return (row, names) => {
    const rest = hasValue(row) ? readValue?.(row) : undefined
    if (!hasTyped(row)) return rest
    const built = fromTyped?.(row, names)
    if (rest === undefined || built === undefined) return built ?? rest
    if (!isObject) throw damaged('it has a value and a typed value for one row')
    return mergeObjects(built, rest, names)
  }
}

function typedRebuild(typed: Column): Rebuild {
  if (Arrow.isStruct(typed.type)) return objectRebuild(typed)
  if (!Arrow.isList(typed.type)) return typedReader(typed)
  const offsets = typed.valueOffsets as Int32Array
  const element = groupRebuild(childAt(typed, 0))
  return (row, names) => {
    const elements: Uint8Array[] = []
    for (let i = offsets[row] as number; i < (offsets[row + 1] as number); i++) {
      const bytes = element(i, names)
      if (bytes === undefined) throw damaged('an element of an array is missing')
      elements.push(bytes)
    }
    return arrayBytes(elements)
  }
}

function objectRebuild(typed: Column): Rebuild {
  const fields = (typed.type.children as Field[]).map(({ name }, i) => ({
    name,
    rebuild: groupRebuild(childAt(typed, i)),
  }))
  fields.sort((a, b) => compareNames(a.name, b.name))
  return (row, names) => {
    const built: { id: number; value: Uint8Array }[] = []
    for (const { name, rebuild } of fields) {
      const value = rebuild(row, names)
      if (value !== undefined) built.push({ id: names.idOf(name), value })
    }
    return objectBytes(built)
  }
}

/** A field is in one of them only; where it is in both, the typed one wins, as the specification lets it. */
function mergeObjects(typed: Uint8Array, rest: Uint8Array, { nameOf }: Names): Uint8Array {
  const own = variantFieldsOf(typed)
  const others = variantFieldsOf(rest)
  if (own === undefined || others === undefined) throw damaged('it has an object and another value for one row')
  const taken = new Set(own.map(({ id }) => id))
  const fields = [...own, ...others.filter(({ id }) => !taken.has(id))]
  return objectBytes(fields.sort((a, b) => compareNames(nameOf(a.id), nameOf(b.id))))
}

function namesOf(metadata: Uint8Array): Names {
  const { size, nameOf } = readDictionary(new DataView(metadata.buffer, metadata.byteOffset, metadata.byteLength))
  let ids: Map<string, number> | undefined
  return {
    nameOf,
    idOf(name) {
      ids ??= new Map(Array.from({ length: size }, (_, id) => [nameOf(id), id]))
      const id = ids.get(name)
      if (id === undefined) throw damaged(`its metadata lacks the field ${name}`)
      return id
    },
  }
}

function partOf(group: Column, name: string): Column | undefined {
  const position = (group.type.children as Field[]).findIndex((field) => field.name === name)
  return position < 0 ? undefined : childAt(group, position)
}

function damaged(why: string): DeltaError {
  return new DeltaError('CorruptData', `A shredded variant cannot be put together: ${why}.`)
}
