import { PAGE } from '../pages/page-format.js'
import type { StoredValues } from '../pages/plain-values.js'
import type { ReadLeaf } from '../pages/read-node.js'
import {
  countedUpTo,
  type DataPage,
  dataPageFacts,
  isDictionaryEncoded,
  isRunOf,
  type Page,
  pagesOf,
  presentCount,
  readDataPage,
  readDictionary,
  readIndices,
  readLevels,
  readValues,
} from '../pages/read-pages.js'
import type { Allocate } from '../pages/snappy.js'
import type { ThriftStruct } from '../thrift-type.js'

/** A column chunk of a file that is merged. */
export interface SourceChunk {
  readonly codec: number
  readonly dictionary: StoredValues | undefined
  readonly pages: readonly SourcePage[]
}

/** @param metaData ColumnMetaData of parquet.thrift @throws Error where pages are missing */
export function sourceChunk(leaf: ReadLeaf, metaData: ThriftStruct, bytes: Uint8Array): SourceChunk {
  const total = Number(metaData.field_5)
  const pages: SourcePage[] = []
  let dictionary: StoredValues | undefined
  let seen = 0
  for (const page of pagesOf(bytes)) {
    if (page.header.field_1 === PAGE.dictionary) dictionary = readDictionary(leaf, metaData, page)
    const facts = dataPageFacts(page)
    if (facts === undefined) continue
    const count = countedUpTo(facts.count, total - seen)
    pages.push(new SourcePage(leaf, metaData, page, { count, encoding: facts.encoding }, dictionary))
    seen += count
  }
  if (seen !== total) throw new Error(`a column has ${seen} of ${total} values`)
  return { codec: Number(metaData.field_4), dictionary, pages }
}

/** A page of data. It is unpacked when what it holds is asked for. */
export class SourcePage {
  readonly page: Page
  /** Values, nulls and empty lists included. */
  readonly count: number
  readonly isDictionaryEncoded: boolean
  readonly #leaf: ReadLeaf
  readonly #metaData: ThriftStruct
  readonly #dictionary: StoredValues | undefined
  #data: DataPage | undefined
  #levels: DataPage['levels'] | undefined
  #definition: Uint8Array | undefined
  #present: number | undefined

  constructor(
    leaf: ReadLeaf,
    metaData: ThriftStruct,
    page: Page,
    facts: { readonly count: number; readonly encoding: number },
    dictionary: StoredValues | undefined,
  ) {
    this.page = page
    this.count = facts.count
    this.isDictionaryEncoded = isDictionaryEncoded(facts.encoding)
    this.#leaf = leaf
    this.#metaData = metaData
    this.#dictionary = dictionary
  }

  /** In the hybrid, without their length. */
  get levels(): DataPage['levels'] {
    return this.#levels ?? this.#unpacked().levels
  }

  /** Undefined where no value is missing. */
  definition(): Uint8Array | undefined {
    this.#definition ??= readLevels(this.levels.definition, this.#leaf.definition, this.count)
    return this.#definition
  }

  /** Undefined where no list is around. */
  repetition(): Uint8Array | undefined {
    return readLevels(this.levels.repetition, this.#leaf.repetition, this.count)
  }

  /** Of the values that are there, where they stand in the dictionary of the page. */
  indices(): Int32Array {
    return readIndices(this.#unpacked().encoded, this.present, this.#dictionary)
  }

  /** The same as the page has them, in the hybrid: the bits of each stand before them. */
  get encoded(): Uint8Array {
    return this.#unpacked().encoded
  }

  /** As {@link values}, to be used before what `allocate` gave out is written over. The page is unpacked anew where it is asked for more than its levels. */
  passingValues(allocate: Allocate): StoredValues {
    const data = readDataPage(this.#leaf, this.#metaData, this.page, this.count, allocate)
    const { definition, repetition } = data.levels
    this.#levels = { definition: definition.slice(), repetition: repetition.slice() }
    return readValues(this.#leaf, data, this.present, this.#dictionary)
  }

  /** The values that are there; booleans a byte each. */
  values(): StoredValues {
    return readValues(this.#leaf, this.#unpacked(), this.present, this.#dictionary)
  }

  /** How many values are there. */
  get present(): number {
    const { definition: level } = this.#leaf
    this.#present ??= isRunOf(this.levels.definition, level, this.count)
      ? this.count
      : presentCount(this.definition(), level, this.count)
    return this.#present
  }

  #unpacked(): DataPage {
    this.#data ??= readDataPage(this.#leaf, this.#metaData, this.page, this.count)
    return this.#data
  }
}
