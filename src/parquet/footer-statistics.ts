import { errorText } from '../errors/error-text.js'
import type { ColumnTree, FileStatistics } from '../protocol/statistics/file-statistics.js'
import { stringLowerBound, stringUpperBound } from '../protocol/statistics/string-bound.js'
import type { DataType, StructType } from '../schema/data-type.js'
import type { Scalar } from '../schema/scalar.js'
import { scalarOrder } from '../schema/scalar-order.js'
import type { ByteSource } from './byte-source.js'
import { corrupt, type Footer, readFooter, thriftText } from './footer.js'
import type { ColumnChunkStatistics, RowGroup } from './parquet-file.js'
import { parquetLeaves } from './parquet-leaf.js'
import { parseSchema } from './parquet-schema.js'
import { readRowGroups } from './row-groups.js'
import { statisticScalar } from './statistic-scalar.js'

export interface FooterStatisticsOptions {
  /**
   * Whether a column of floats has no NaN: footers do not count NaN, Delta's readers hold it for the greatest value. Where it is not known to have none,
   * it gets no maximum. Default: true for files of writers that keep no bounds of columns with NaN.
   */
  readonly withoutNaN?: (path: readonly string[]) => boolean
}

/**
 * The statistics of a new data file (PROTOCOL.md, "Per-file Statistics") from its footer: strings are cut to 32 characters; booleans, binaries,
 * arrays and maps have no bounds, as in Spark. What the footer does not say for sure is left out. One or two range requests.
 * @param schema the columns that get statistics, by physical names
 */
export async function footerStatistics(
  source: ByteSource,
  schema: StructType,
  options: FooterStatisticsOptions = {},
): Promise<FileStatistics> {
  const footer = await readFooter(source)
  const rowGroups = rowGroupsOf(footer, source.name)
  const { withoutNaN = () => writerKeepsNaNOut(footer) } = options
  const chunks = new Map<string, ColumnChunkStatistics[]>()
  for (const { columns } of rowGroups) {
    for (const chunk of columns) {
      const key = pathKey(chunk.leaf.path)
      chunks.set(key, [...(chunks.get(key) ?? []), chunk])
    }
  }
  const collect = { chunks, rowGroups: rowGroups.length, withoutNaN }
  return {
    numRecords: rowGroups.reduce((sum, { numRows }) => sum + numRows, 0),
    minValues: collectTree(schema, [], (type, path) => boundOf(collect, type, path, 'min')),
    maxValues: collectTree(schema, [], (type, path) => boundOf(collect, type, path, 'max')),
    nullCount: collectTree(schema, [], (type, path) => nullCountOf(collect, type, path)),
    tightBounds: true,
  }
}

interface Collect {
  /** The chunks of a leaf in all row groups. */
  readonly chunks: ReadonlyMap<string, readonly ColumnChunkStatistics[]>
  readonly rowGroups: number
  readonly withoutNaN: (path: readonly string[]) => boolean
}

type LeafValue<T> = (type: DataType, path: readonly string[]) => T | undefined

function collectTree<T>(struct: StructType, above: readonly string[], leaf: LeafValue<T>): ColumnTree<T> {
  const tree = new Map<string, T | ColumnTree<T>>()
  for (const { name, dataType } of struct.fields) {
    const path = [...above, name]
    const value = dataType.type === 'struct' ? collectTree(dataType, path, leaf) : leaf(dataType, path)
    if (value === undefined || (value instanceof Map && value.size === 0)) continue
    tree.set(name, value)
  }
  return tree
}

function chunksAt(
  { chunks, rowGroups }: Collect,
  path: readonly string[],
): readonly ColumnChunkStatistics[] | undefined {
  const found = chunks.get(pathKey(path))
  return found?.length === rowGroups ? found : undefined
}

/** Nulls of lists and maps cannot be told from those of their elements. A variant is null where its metadata is. */
function nullCountOf(collect: Collect, type: DataType, path: readonly string[]): number | undefined {
  if (type.type === 'array' || type.type === 'map' || type.type === 'void') return undefined
  const chunks = chunksAt(collect, type.type === 'variant' ? [...path, 'metadata'] : path)
  let total = 0
  for (const { nullCount } of chunks ?? []) {
    if (nullCount === undefined) return undefined
    total += nullCount
  }
  return chunks === undefined ? undefined : total
}

function boundOf(collect: Collect, type: DataType, path: readonly string[], side: 'min' | 'max'): Scalar | undefined {
  const chunks = chunksAt(collect, path)
  if (chunks === undefined || !HAS_BOUNDS.has(type.type)) return undefined
  const floating = type.type === 'float' || type.type === 'double'
  if (floating && side === 'max' && !collect.withoutNaN(path)) return undefined
  const order = scalarOrder(type)
  let bound: Scalar | undefined
  for (const { leaf, nullCount, numValues, min, max } of chunks) {
    if (nullCount === numValues) continue
    const bytes = side === 'min' ? min : max
    const value = bytes === undefined ? undefined : statisticScalar(leaf, bytes, type, side)
    if (value === undefined) return undefined
    if (bound === undefined || (side === 'min' ? order(value, bound) < 0 : order(value, bound) > 0)) bound = value
  }
  if (typeof bound === 'string') return side === 'min' ? stringLowerBound(bound) : stringUpperBound(bound)
  // Some readers hold -0.0 for smaller than 0.0.
  return floating && bound === 0 ? 0 : bound
}

/** The types that Spark keeps minima and maxima of. */
const HAS_BOUNDS: ReadonlySet<string> = new Set([
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'decimal',
  'string',
  'date',
  'timestamp',
  'timestamp_ntz',
])

function rowGroupsOf(footer: Footer, name: string): readonly RowGroup[] {
  try {
    return readRowGroups(footer, parquetLeaves(parseSchema(footer.elements)))
  } catch (cause) {
    throw corrupt(name, errorText(cause), cause)
  }
}

/** DuckDB writes no bounds for a column with NaN. */
function writerKeepsNaNOut(footer: Footer): boolean {
  return thriftText(footer.fileMetaData.field_6)?.startsWith('DuckDB') === true
}

function pathKey(path: readonly string[]): string {
  return JSON.stringify(path)
}
