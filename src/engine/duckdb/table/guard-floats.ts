import type { DataType } from '../../../schema/data-type.js'

/**
 * A column of a Parquet file such that DuckDB does not answer for it from the statistics of the file: those of floats leave NaN out, and DuckDB would leave out rows with NaN,
 * which is greater than every number.
 */
export function guardFloats(x: string, type: DataType): string {
  // Twice the other sign is the same value, NaN and the zeros too, and costs next to nothing.
  if (type.type === 'float' || type.type === 'double') return `(-(-${x}))`
  return type.type === 'struct' && hasFloats(type) ? `([${x}][1])` : x
}

/** Statistics are of fields of structs, and not of what lies in arrays and maps. */
function hasFloats(type: DataType): boolean {
  if (type.type === 'float' || type.type === 'double') return true
  return type.type === 'struct' && type.fields.some(({ dataType }) => hasFloats(dataType))
}
