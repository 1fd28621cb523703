import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { StructField } from '../../../schema/data-type.js'
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
    const value = `TRY_CAST(${x} AS ${typeSql(dataType)})`
    const overflow = {
      condition: `(${x} IS NOT NULL AND ${value} IS NULL)`,
      path: [name],
      problem: 'unfit',
      expected: dataType,
      subject: x,
    } as const
    const isNull = {
      condition: `(${x} IS NULL)`,
      path: [name],
      problem: 'null',
      expected: dataType,
      subject: x,
    } as const
    return { value, checks: nullable ? [overflow] : [overflow, isNull] }
  }
  const textual = from.typeId === DuckDBTypeId.VARCHAR && dataType.type !== 'string'
  return convert(x, from, dataType, nullable, { textual, path: [name] })
}
