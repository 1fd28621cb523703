import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { DataType, StructField } from '../../../schema/data-type.js'
import type { Conversion } from '../load/conversion.js'
import { convert } from '../load/convert.js'
import { typeSql } from '../type-sql.js'

const NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
])

/**
 * How the value of an expression becomes the value of a column: as SQL does it for what has a fraction (decimals are rounded to the scale of the column), without
 * loss for everything else; text is read as what the column holds.
 * @throws SchemaMismatch where the types have nothing to do with each other
 */
export function assign(x: string, from: DuckDBType, { name, dataType, nullable }: StructField): Conversion {
  const isFraction = dataType.type === 'decimal' || dataType.type === 'double' || dataType.type === 'float'
  if (isFraction && NUMBERS.has(from.typeId)) {
    const isNull = {
      condition: `(${x} IS NULL)`,
      path: [name],
      problem: 'null',
      expected: dataType,
      subject: x,
    } as const
    const nulls = nullable ? [] : [isNull]
    if (alwaysFits(from, dataType)) return { value: `CAST(${x} AS ${typeSql(dataType)})`, checks: nulls }
    const value = `TRY_CAST(${x} AS ${typeSql(dataType)})`
    const overflow = {
      condition: `(${x} IS NOT NULL AND ${value} IS NULL)`,
      path: [name],
      problem: 'unfit',
      expected: dataType,
      subject: x,
    } as const
    return { value, checks: [overflow, ...nulls] }
  }
  const textual = from.typeId === DuckDBTypeId.VARCHAR && dataType.type !== 'string'
  return convert(x, from, dataType, nullable, { textual, path: [name] })
}

/** Whether no number of a type is too large for the column. */
function alwaysFits(from: DuckDBType, to: DataType): boolean {
  if (to.type === 'double') return from.typeId === DuckDBTypeId.DOUBLE || from.typeId === DuckDBTypeId.FLOAT
  if (to.type === 'float') return from.typeId === DuckDBTypeId.FLOAT
  if (to.type !== 'decimal' || from.typeId !== DuckDBTypeId.DECIMAL) return false
  const { width, scale } = from as DuckDBDecimalType
  // What is rounded up may need one digit more.
  return scale <= to.scale && width - scale <= to.precision - to.scale
}
