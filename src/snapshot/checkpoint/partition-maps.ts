import { arrowType } from '../../arrow/arrow-schema.js'
import { type Column, makeColumn } from '../../arrow/column.js'
import { allValid, clearBit } from '../../arrow/validity.js'
import type { DataType } from '../../schema/data-type.js'
import type { LiveBlock } from '../files/live-block.js'

const TEXT: DataType = { type: 'string' }
const MAP_TYPE: DataType = { type: 'map', keyType: TEXT, valueType: TEXT, valueContainsNull: true }

const encoder = new TextEncoder()

/** The column `partitionValues`: in each row a map of all partition columns, in the same order. */
export function partitionMaps(chunk: LiveBlock): Column {
  const { length } = chunk
  const names = chunk.partitionNames()
  const columns = names.map((name) => {
    const { codes, values } = chunk.partitionColumn(name)
    return { codes, texts: values.map((value) => (value === null ? undefined : encoder.encode(value))) }
  })
  const keys = new TextWriter(length * names.length)
  const values = new TextWriter(length * names.length)
  const encodedNames = names.map((name) => encoder.encode(name))
  for (let i = 0; i < length; i++) {
    for (const [k, { codes, texts }] of columns.entries()) {
      keys.push(encodedNames[k])
      values.push(texts[codes[i] as number])
    }
  }
  const type = arrowType(MAP_TYPE)
  const entries = type.children[0]?.type as typeof type
  const [keyType, valueType] = entries.children.map((field) => field.type as typeof type)
  const offsets = Int32Array.from({ length: length + 1 }, (_, i) => i * names.length)
  const children = [keys.finish(keyType as typeof type), values.finish(valueType as typeof type)]
  const entryColumn = makeColumn(entries, { length: length * names.length, nullCount: 0, children })
  return makeColumn(type, { length, nullCount: 0, offsets, children: [entryColumn] })
}

/** Texts that are there as bytes already, laid end to end. */
class TextWriter {
  readonly #offsets: Int32Array
  #bytes = new Uint8Array(1024)
  #count = 0
  #end = 0
  #validity: Uint8Array | undefined
  #nullCount = 0

  constructor(count: number) {
    this.#offsets = new Int32Array(count + 1)
  }

  push(text: Uint8Array | undefined): void {
    if (text === undefined) {
      this.#validity ??= allValid(this.#offsets.length - 1)
      clearBit(this.#validity, this.#count)
      this.#nullCount++
    } else {
      if (this.#end + text.length > this.#bytes.length) this.#grow(text.length)
      for (let k = 0; k < text.length; k++) this.#bytes[this.#end + k] = text[k] as number
      this.#end += text.length
    }
    this.#offsets[++this.#count] = this.#end
  }

  finish(type: Column['type']): Column {
    return makeColumn(type, {
      length: this.#count,
      nullCount: this.#nullCount,
      validity: this.#validity,
      offsets: this.#offsets,
      values: this.#bytes.subarray(0, this.#end),
    })
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#end + by))
    larger.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = larger
  }
}
