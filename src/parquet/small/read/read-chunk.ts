import { PAGE } from '../../pages/page-format.js'
import type { StoredValues } from '../../pages/plain-values.js'
import type { ReadLeaf } from '../../pages/read-node.js'
import { pagesOf, presentCount, readDataPage, readDictionary, readLevels, readValues } from '../../pages/read-pages.js'
import type { ThriftStruct } from '../../thrift-type.js'

/** A leaf of a row group: a slot for each value, null and empty list, by the levels of Dremel (parquet-format, "Nested Encoding"). */
export interface LeafSlots {
  readonly length: number
  /** Undefined where every slot has a value. */
  readonly definition: Uint8Array | undefined
  /** Undefined where no list is around. */
  readonly repetition: Uint8Array | undefined
  /** The values that are there, in the order of their slots. */
  readonly values: readonly StoredValues[]
}

/** @throws Error where the chunk is damaged */
export function readChunk(leaf: ReadLeaf, metaData: ThriftStruct, bytes: Uint8Array): LeafSlots {
  const length = Number(metaData.field_5)
  const definition = leaf.definition === 0 ? undefined : new Uint8Array(length)
  const repetition = leaf.repetition === 0 ? undefined : new Uint8Array(length)
  const values: StoredValues[] = []
  let dictionary: StoredValues | undefined
  let seen = 0
  for (const page of pagesOf(bytes)) {
    const kind = page.header.field_1
    if (kind === PAGE.dictionary) dictionary = readDictionary(leaf, metaData, page)
    if (kind !== PAGE.data && kind !== PAGE.dataV2) continue
    const data = readDataPage(leaf, metaData, page, length - seen)
    const { count, levels } = data
    const defined = readLevels(levels.definition, leaf.definition, count)
    definition?.set(defined ?? [], seen)
    repetition?.set(readLevels(levels.repetition, leaf.repetition, count) ?? [], seen)
    values.push(readValues(leaf, data, presentCount(defined, leaf.definition, count), dictionary))
    seen += count
    if (seen === length) break
  }
  if (seen !== length) throw new Error(`a column has ${seen} of ${length} values`)
  return { length, definition, repetition, values }
}
