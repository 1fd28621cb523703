import { decodeUtf8 } from '../arrow/utf8.js'
import type { BoundColumn } from '../expressions/bound-predicate.js'
import type { ColumnTree, FileStatistics } from '../protocol/statistics/file-statistics.js'
import { parseStatistics } from '../protocol/statistics/parse-statistics.js'
import { type ColumnMappingMode, storedName } from '../schema/column-mapping.js'
import type { DataType, StructField, StructType } from '../schema/data-type.js'
import { parseDecimal } from '../schema/number-text.js'
import type { Scalar } from '../schema/scalar.js'
import type { Utf8Slice } from '../snapshot/file-list.js'
import {
  type ColumnKey,
  CompactStatistics,
  columnKey,
  MAX_VALUES,
  MIN_VALUES,
  MISSING,
  NULL_COUNT,
  type StatisticsMember,
  UNKNOWN,
} from './compact-statistics.js'
import { shortDate, shortTimestamp } from './short-time.js'
import type { ColumnStatistics } from './statistics-bounds.js'

/** What a value of a column turned out to be when the text was not parsed as a whole: unusual ones take the long way. */
const UNUSUAL = Symbol('unusual')

const [NULL, TRUE, FALSE] = ['null', 'true', 'false'].map((word) => new TextEncoder().encode(word)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]

/**
 * Reads the statistics of a few columns from the `stats` of one file after another, values only when they are asked for. The answers are those of
 * {@link parseStatistics}.
 */
export class StatisticsReader {
  /** The statistics of each column in the file that is open, in the order of the constructor's. */
  readonly columns: readonly ColumnStatistics[]
  private readonly texts = new CompactStatistics()
  private readonly schema: StructType
  private stats: Utf8Slice | undefined
  private isCompact = false
  private isParsed = false
  private parsed: FileStatistics | undefined

  constructor(columns: readonly BoundColumn[], mode: ColumnMappingMode) {
    const paths = columns.map(({ fields }) => fields.map((field) => storedName(field, mode)))
    this.columns = columns.map(({ dataType }, i) => new ColumnReader(this, paths[i] as string[], dataType))
    this.schema = physicalStruct(columns.map(({ dataType }, i) => ({ path: paths[i] as string[], dataType })))
  }

  /** Turns to another file. @param stats its `stats`, undefined where it has none; it is read until the next one is opened */
  open(stats: Utf8Slice | undefined): void {
    this.stats = stats
    this.isCompact = stats !== undefined && this.texts.open(stats)
    this.isParsed = stats === undefined
    this.parsed = undefined
  }

  /** {@link StatisticsReader.open} with a text. */
  openText(stats: string | undefined): void {
    const bytes = new TextEncoder().encode(stats)
    this.open(bytes.length === 0 ? undefined : { bytes, start: 0, end: bytes.length })
  }

  /** The texts found in place, undefined where all of them take the long way. */
  get compact(): CompactStatistics | undefined {
    return this.isCompact ? this.texts : undefined
  }

  /** The open file's statistics by the full parser. */
  get full(): FileStatistics | undefined {
    if (!this.isParsed && this.stats !== undefined) {
      const { bytes, start, end } = this.stats
      this.parsed = parseStatistics(decodeUtf8(bytes, start, end), this.schema)
      this.isParsed = true
    }
    return this.parsed
  }
}

/** One column of a {@link StatisticsReader}. */
class ColumnReader implements ColumnStatistics {
  private readonly reader: StatisticsReader
  private readonly path: readonly string[]
  private readonly dataType: DataType
  private readonly key: ColumnKey | undefined

  constructor(reader: StatisticsReader, path: readonly string[], dataType: DataType) {
    this.reader = reader
    this.path = path
    this.dataType = dataType
    this.key = columnKey(path)
  }

  get min(): Scalar | undefined {
    const value = this.compactBound(MIN_VALUES)
    return value === UNUSUAL ? leaf(this.reader.full?.minValues, this.path) : value
  }

  get max(): Scalar | undefined {
    const value = this.compactBound(MAX_VALUES)
    return value === UNUSUAL ? leaf(this.reader.full?.maxValues, this.path) : value
  }

  get nullCount(): number | undefined {
    const compact = this.reader.compact
    if (compact === undefined) return leaf(this.reader.full?.nullCount, this.path)
    const position = this.key === undefined ? UNKNOWN : compact.find(NULL_COUNT, this.key)
    if (position === MISSING) return undefined
    const count = position === UNKNOWN ? Number.NaN : compact.integer(position)
    return count >= 0 ? count : leaf(this.reader.full?.nullCount, this.path)
  }

  get numRecords(): number | undefined {
    return this.reader.compact?.numRecords ?? this.reader.full?.numRecords
  }

  private compactBound(member: StatisticsMember): Scalar | undefined | typeof UNUSUAL {
    const compact = this.reader.compact
    if (compact === undefined) return UNUSUAL
    const position = this.key === undefined ? UNKNOWN : compact.find(member, this.key)
    if (position === UNKNOWN) return UNUSUAL
    if (position === MISSING) return undefined
    if (compact.isText(position)) return this.textBound(compact, position, member)
    return compact.isWord(NULL, position) ? undefined : this.plainBound(compact, position)
  }

  private textBound(
    compact: CompactStatistics,
    position: number,
    member: StatisticsMember,
  ): Scalar | undefined | typeof UNUSUAL {
    const end = compact.textEnd(position)
    if (end < 0) return UNUSUAL
    switch (this.dataType.type) {
      case 'string':
        return decodeUtf8(compact.bytes, position + 1, end)
      case 'date':
        return shortDate(compact.bytes, position + 1, end) ?? UNUSUAL
      case 'timestamp':
      case 'timestamp_ntz': {
        const micros = shortTimestamp(compact.bytes, position + 1, end, this.dataType.type === 'timestamp')
        if (micros === undefined) return UNUSUAL
        // Cut to milliseconds, see parseStatistics.
        return BigInt(member === MAX_VALUES ? micros + 999 : micros)
      }
      default:
        return UNUSUAL
    }
  }

  private plainBound(compact: CompactStatistics, position: number): Scalar | undefined | typeof UNUSUAL {
    switch (this.dataType.type) {
      case 'boolean':
        return compact.isWord(TRUE, position) ? true : compact.isWord(FALSE, position) ? false : UNUSUAL
      case 'byte':
      case 'short':
      case 'integer': {
        const value = compact.integer(position)
        return Number.isNaN(value) ? UNUSUAL : value
      }
      case 'long': {
        const value = compact.integer(position)
        return Number.isNaN(value) ? UNUSUAL : BigInt(value)
      }
      case 'float':
      case 'double': {
        const value = compact.double(position)
        if (!Number.isFinite(value)) return UNUSUAL
        return this.dataType.type === 'float' ? Math.fround(value) : value
      }
      case 'decimal': {
        const text = decodeUtf8(compact.bytes, position, compact.tokenEnd(position))
        return parseDecimal(text, this.dataType.precision, this.dataType.scale) ?? UNUSUAL
      }
      default:
        return UNUSUAL
    }
  }
}

function leaf<T>(tree: ColumnTree<T> | undefined, path: readonly string[]): T | undefined {
  let node: T | ColumnTree<T> | undefined = tree
  for (const name of path) node = node instanceof Map ? (node as ColumnTree<T>).get(name) : undefined
  return node instanceof Map ? undefined : (node as T | undefined)
}

/** A schema that has these columns and no other. */
function physicalStruct(columns: readonly { path: readonly string[]; dataType: DataType }[]): StructType {
  const names = [...new Set(columns.map(({ path }) => path[0] as string))]
  const fields = names.map((name): StructField => {
    const inside = columns.filter(({ path }) => path[0] === name)
    const own = inside.find(({ path }) => path.length === 1)
    const dataType = own?.dataType ?? physicalStruct(inside.map((each) => ({ ...each, path: each.path.slice(1) })))
    return { name, dataType, nullable: true, metadata: {} }
  })
  return { type: 'struct', fields }
}
